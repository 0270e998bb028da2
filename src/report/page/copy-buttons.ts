import { element, find } from '../../page/browser/dom.ts';

/** How long a button says that it has copied. */
const COPIED_MS = 2_000;

/**
 * One button per form in which something can be copied, such as JSON and Markdown.
 *
 * @param what For screen readers, such as "the pair of turn 2".
 * @param forms The text by name of the form, made when it is asked for.
 */
export function copyButtons(what: string, forms: Readonly<Record<string, () => string>>): HTMLElement {
  const buttons = Object.entries(forms).map(([name, text]) => {
    const label = `Copy ${what} as ${name}`;
    const button = element('button', { type: 'button', class: 'quiet', 'aria-label': label }, name);
    button.addEventListener('click', () => void copy(text(), `${what}, as ${name}`, button));
    return button;
  });
  return element('p', { class: 'copy' }, element('span', { 'aria-hidden': 'true' }, `Copy ${what}`), buttons);
}

/** Copies a text. Where the browser does not allow that, shows it selected, for the reader to copy. */
async function copy(text: string, what: string, button: HTMLElement): Promise<void> {
  const status = find('copy-status', HTMLElement);
  status.textContent = '';
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copySelected(text)) return showSelected(text);
  }
  status.textContent = `Copied ${what}.`;
  button.classList.add('copied');
  setTimeout(() => button.classList.remove('copied'), COPIED_MS);
}

/** The old way, which works on pages that may not write to the clipboard. */
function copySelected(text: string): boolean {
  const before = document.activeElement;
  const area = element('textarea', { class: 'spoken', 'aria-hidden': 'true' });
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}

function showSelected(text: string): void {
  const area = find('copy-text', HTMLTextAreaElement);
  area.value = text;
  find('copy-by-hand', HTMLDialogElement).showModal();
  area.select();
}
