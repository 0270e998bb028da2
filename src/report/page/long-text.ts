import { element } from '../../page/browser/dom.ts';

const SHOWN = 6_000;

/** Untrusted text, never read as markup, with its own direction; a button shows the rest of a long text. */
export function writtenText(text: string): HTMLElement {
  const shown = element('p', { class: 'written', dir: 'auto' });
  if (text.length <= SHOWN) {
    shown.textContent = text;
    return shown;
  }
  shown.textContent = `${text.slice(0, SHOWN)}…`;
  const label = `Show all ${text.length.toLocaleString('en')} characters`;
  const button = element('button', { type: 'button', class: 'quiet' }, label);
  button.addEventListener('click', () => {
    shown.textContent = text;
    button.remove();
  });
  return element('div', {}, shown, button);
}
