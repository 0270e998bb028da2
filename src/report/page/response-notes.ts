import type { ResponseNode } from '../../conversations/conversation-tree.ts';
import { counted } from '../../internal/format.ts';
import { element } from '../../page/browser/dom.ts';
import { countWords } from '../../personas/rules/text-features.ts';
import { shortScore } from './scores.ts';

type Written = Pick<ResponseNode, 'truncated' | 'model' | 'score'>;

/** Who wrote a response where several models write, its rating where it was picked from several, and whether it was cut. */
export function responseNotes({ truncated, model, score }: Written): (HTMLElement | null)[] {
  return [
    model === undefined ? null : modelName(model),
    score === undefined ? null : note(`rated ${shortScore(score)} of 10`),
    truncated ? note('truncated at the token limit') : null,
  ];
}

/** A model's id in a heading. */
export function modelName(id: string): HTMLElement {
  return element('bdi', { class: 'fate' }, id);
}

export function lengthNote(text: string): HTMLElement {
  return note(counted(countWords(text), 'word'));
}

/** A remark in a heading. */
export function note(words: string): HTMLElement {
  return element('span', { class: 'fate' }, words);
}
