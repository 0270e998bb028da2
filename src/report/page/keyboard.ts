import { find } from '../../page/browser/dom.ts';
import type { EntryList } from './entry-list.ts';

/**
 * j and k step through the conversations, / goes to the search and Enter from there to the list, Escape goes from a
 * conversation back to the list and from elsewhere clears the filters, ? shows the keys. A checkbox turns single keys off for
 * people whose speech or switch input triggers them by accident.
 */
export function listenToKeys(list: EntryList, section: HTMLElement): void {
  const form = find('filters', HTMLFormElement);
  const search = find('filter-words', HTMLInputElement);
  const shortcuts = find('shortcuts', HTMLInputElement);
  const entries = find('entries', HTMLElement);
  const reader = find('reader', HTMLElement);
  const keys = find('keys', HTMLDialogElement);
  listenToDialogs();
  find('show-keys', HTMLButtonElement).addEventListener('click', () => keys.showModal());

  search.addEventListener('keydown', (event) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    entries.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isInDialog(event.target))
      return;
    if (event.key === 'Escape' && event.target instanceof Element && section.contains(event.target)) {
      if (reader.contains(event.target)) return entries.focus();
      form.reset();
      search.blur();
      return;
    }
    if (!shortcuts.checked || isTyping(event.target)) return;
    if (event.key === 'j' || event.key === 'k') {
      section.scrollIntoView({ block: 'nearest' });
      list.step(event.key === 'j' ? 1 : -1);
    } else if (event.key === '/') {
      event.preventDefault();
      search.focus();
    } else if (event.key === '?') {
      keys.showModal();
    }
  });
}

/** Escape closes a dialog by itself, and so does its button. */
function listenToDialogs(): void {
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.querySelector('button')?.addEventListener('click', () => dialog.close());
  }
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), select, textarea');
}
