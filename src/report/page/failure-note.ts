import type { ConversationFailure } from '../../conversations/conversation-tree.ts';
import { element } from '../../page/browser/dom.ts';
import { writtenText } from './long-text.ts';

/** Why a conversation ended early. */
export function failureNote({ turn, role, code, message }: ConversationFailure): HTMLElement {
  return element(
    'section',
    { class: 'turn failure', 'data-turn': String(turn) },
    element('h4', {}, `Ended at turn ${turn}`),
    element('p', {}, `${role}: ${code}`),
    writtenText(message),
  );
}
