import type { MessageChecks } from '../../conversations/user-checks/user-check.ts';
import { element } from '../../page/browser/dom.ts';

/** Problems found in drafts of a user message, and the one that remains. Null if the first draft passed. */
export function checksNote(checks: MessageChecks | undefined): HTMLElement | null {
  if (checks === undefined) return null;
  const { found, kept } = checks;
  const drafts = `${found.length} ${found.length === 1 ? 'draft' : 'drafts'} rejected: ${found.join(', ')}`;
  const words = kept === undefined ? drafts : `${drafts}; kept despite: ${kept}`;
  return element('span', { class: kept === undefined ? 'fate' : 'fate kept' }, words);
}
