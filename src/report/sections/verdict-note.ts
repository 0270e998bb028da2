import type { PairVerdict } from '../../conversations/pair-verdict.ts';
import { html, type Markup } from '../../page/html.ts';
import { describeVerdict } from '../describe-verdict.ts';

/** What a judge said of the pair. */
export function verdictNote(verdict: PairVerdict): Markup {
  return html`<p class="note">Judge <bdi>${verdict.judge}</bdi>: ${describeVerdict(verdict)}</p>`;
}
