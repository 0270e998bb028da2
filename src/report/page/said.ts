import { type Child, element } from '../../page/browser/dom.ts';
import { writtenText } from './long-text.ts';

interface SaidOptions {
  /** What follows the text. */
  readonly below?: Child | undefined;
  /** Statements whose words are marked in the text. */
  readonly echoes?: readonly string[] | undefined;
}

/**
 * One message of a conversation, with a heading above.
 *
 * @param kind Class names: `user` or `response`, and more.
 */
export function said(
  kind: string,
  heading: Child,
  text: string,
  { below = null, echoes }: SaidOptions = {},
): HTMLElement {
  return element(
    'div',
    { class: `said ${kind}` },
    element('h5', {}, heading),
    writtenText(text, echoes),
    below,
  );
}
