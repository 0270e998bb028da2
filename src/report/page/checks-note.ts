import type { MessageChecks } from '../../conversations/user-checks/user-check.ts';
import { element } from '../../page/browser/dom.ts';

/** What was wrong with drafts of a user's message, and what still is. Null where nothing was found. */
export function checksNote(checks: MessageChecks | undefined): HTMLElement | null {
  if (checks === undefined) return null;
  const { found, kept } = checks;
  const drafts = `${found.length} ${found.length === 1 ? 'draft' : 'drafts'} turned away: ${found.join(', ')}`;
  const words = kept === undefined ? drafts : `${drafts}; kept with: ${kept}`;
  return element('span', { class: kept === undefined ? 'fate' : 'fate kept' }, words);
}
