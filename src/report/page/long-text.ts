import { element } from '../../page/browser/dom.ts';
import { splitEchoes } from '../echoes.ts';

const SHOWN = 6_000;

/**
 * Untrusted text, never read as markup, with its own direction; a button shows the rest of a long text.
 *
 * @param echoes Statements whose words are marked.
 */
export function writtenText(text: string, echoes: readonly string[] = []): HTMLElement {
  const shown = element('p', { class: 'written', dir: 'auto' });
  const show = (part: string) => {
    const parts = echoes.length === 0 ? [part] : splitEchoes(part, echoes).map(markEcho);
    shown.replaceChildren(...parts);
  };
  if (text.length <= SHOWN) {
    show(text);
    return shown;
  }
  show(`${text.slice(0, SHOWN)}…`);
  const label = `Show all ${text.length.toLocaleString('en')} characters`;
  const button = element('button', { type: 'button', class: 'quiet' }, label);
  button.addEventListener('click', () => {
    show(text);
    button.remove();
  });
  return element('div', {}, shown, button);
}

function markEcho({ text, isEcho }: ReturnType<typeof splitEchoes>[number]): string | HTMLElement {
  return isEcho ? element('mark', {}, text) : text;
}
