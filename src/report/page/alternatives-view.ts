import type { AlternativeResponse } from '../../conversations/alternative-response.ts';
import { counted } from '../../internal/format.ts';
import { element } from '../../page/browser/dom.ts';
import { lengthNote, responseNotes } from './response-notes.ts';
import { said } from './said.ts';

/** Folded away: the responses that were written for the same side, but not chosen. Null if there are none. */
export function alternativesView(alternatives: readonly AlternativeResponse[] = []): HTMLElement | null {
  if (alternatives.length === 0) return null;
  return element(
    'details',
    {},
    element('summary', {}, `${counted(alternatives.length, 'response')} not chosen`),
    alternatives.map((each) => said('alternative', [lengthNote(each.text), responseNotes(each)], each.text)),
  );
}
