import { find } from '../../page/browser/dom.ts';
import type { EntryList } from './entry-list.ts';

/**
 * j and k step through the conversations, / goes to the search, Escape leaves it and clears the filters. A checkbox turns
 * them off for people whose speech or switch input triggers single keys by accident.
 */
export function listenToKeys(list: EntryList, section: HTMLElement): void {
  const form = find('filters', HTMLFormElement);
  const search = find('filter-words', HTMLInputElement);
  const shortcuts = find('shortcuts', HTMLInputElement);
  document.addEventListener('keydown', (event) => {
    if (!shortcuts.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === 'Escape' && event.target instanceof Element && section.contains(event.target)) {
      form.reset();
      search.blur();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === 'j' || event.key === 'k') {
      section.scrollIntoView({ block: 'nearest' });
      list.step(event.key === 'j' ? 1 : -1);
    } else if (event.key === '/') {
      event.preventDefault();
      search.focus();
    }
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), select');
}
