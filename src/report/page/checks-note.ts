import type { MessageChecks } from '../../conversations/user-checks/user-check.ts';
import { element } from '../../page/browser/dom.ts';

/** Problems found in drafts of a user message, the one that remains, and a missing answer. Null if there is nothing to say. */
export function checksNote(checks: MessageChecks | undefined): HTMLElement | null {
  if (checks === undefined) return null;
  const { found, kept, unchecked = false } = checks;
  const notes = [
    ...(found.length === 0
      ? []
      : [`${found.length} ${found.length === 1 ? 'draft' : 'drafts'} rejected: ${found.join(', ')}`]),
    ...(kept === undefined ? [] : [`kept despite: ${kept}`]),
    ...(unchecked ? ['not checked by the model'] : []),
  ];
  return element('span', { class: kept === undefined ? 'fate' : 'fate kept' }, notes.join('; '));
}
