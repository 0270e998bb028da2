import { element, find } from '../../page/browser/dom.ts';
import type { RatingItem } from '../rating-sheet.ts';

/** Shows the user's persona, the conversation and the reply. */
export function showItem({ facts, traits, conversation, response }: RatingItem): void {
  fillList('facts', facts);
  fillList('traits', traits);
  find('conversation', HTMLOListElement).replaceChildren(
    ...conversation.map(({ role, content }) =>
      element(
        'li',
        {},
        element('p', { class: 'speaker' }, role === 'user' ? 'User' : 'Assistant'),
        writtenText(content),
      ),
    ),
  );
  find('reply', HTMLElement).replaceChildren(writtenText(response));
}

export function fillList(id: string, texts: readonly string[]): void {
  // Each text has its own direction, isolated from its surroundings.
  find(id, HTMLUListElement).replaceChildren(...texts.map((text) => element('li', { dir: 'auto' }, text)));
}

function writtenText(text: string): HTMLElement {
  return element('p', { class: 'written', dir: 'auto' }, text);
}
