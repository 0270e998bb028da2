import { element, find } from '../../page/browser/dom.ts';
import { playedView } from '../../report/page/played-view.ts';
import { treeView } from '../../report/page/tree-view.ts';
import type { LivePiece } from '../live-pieces.ts';
import { showSection } from './table.ts';

/** As many as the run keeps, see `finished-work.ts`. */
const MAX_SHOWN = 40;

/** The list of finished conversations beside the one that is read. New ones come on top; what is read stays. */
export function createFinishedList(): { add(pieces: readonly LivePiece[], count: number): void } {
  const box = find('entries', HTMLElement);
  const reader = find('reader', HTMLElement);
  const heading = find('finished-count', HTMLElement);

  function read(piece: LivePiece, button: HTMLElement): void {
    for (const other of box.querySelectorAll('button')) other.removeAttribute('aria-current');
    button.setAttribute('aria-current', 'true');
    reader.replaceChildren(element('h3', { dir: 'auto' }, titleOf(piece)), ...viewOf(piece));
    reader.scrollTop = 0;
  }

  function entryOf(piece: LivePiece): HTMLElement {
    const button = element('button', { type: 'button', dir: 'auto' }, titleOf(piece));
    button.addEventListener('click', () => read(piece, button));
    return element('li', {}, button);
  }

  return {
    add(pieces, count) {
      showSection('entries', count > 0);
      box.prepend(...pieces.map(entryOf).reverse());
      while (box.children.length > MAX_SHOWN) box.lastElementChild?.remove();
      const all = `${count} finished`;
      heading.textContent =
        count > box.children.length ? `${all}; the last ${box.children.length} can be read here.` : `${all}.`;
    },
  };
}

function titleOf(piece: LivePiece): string {
  return piece.kind === 'case' ? `${piece.candidate}: ${piece.name}` : piece.name;
}

function viewOf(piece: LivePiece): HTMLElement[] {
  return piece.kind === 'case'
    ? playedView(piece.conversation, piece.personas)
    : treeView(piece.conversation, piece.personas);
}
