import { type Child, element } from '../../page/browser/dom.ts';
import { writtenText } from './long-text.ts';

/**
 * One message of a conversation, with a heading above.
 *
 * @param kind Class names: `user` or `response`, and more.
 * @param below What follows the text.
 */
export function said(kind: string, heading: Child, text: string, below: Child = null): HTMLElement {
  return element('div', { class: `said ${kind}` }, element('h5', {}, heading), writtenText(text), below);
}
