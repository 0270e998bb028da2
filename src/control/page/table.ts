import { type Child, element, find } from '../../page/browser/dom.ts';

/** A cell: its content, or its content with a class. */
export type Cell = Child | { readonly content: Child; readonly class: string };

/** Fills a table. The first cell of a row is its heading. */
export function fillTable(id: string, header: readonly string[], rows: readonly (readonly Cell[])[]): void {
  find(id, HTMLTableElement).replaceChildren(
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        header.map((name) => element('th', { scope: 'col' }, name)),
      ),
    ),
    element(
      'tbody',
      {},
      rows.map(([first = '', ...others]) =>
        element('tr', {}, element('th', { scope: 'row' }, contentOf(first)), others.map(cellOf)),
      ),
    ),
  );
}

/** Shows the section that an element is in, or hides it. */
export function showSection(id: string, isShown: boolean): void {
  const section = find(id, HTMLElement).closest('section');
  if (section !== null) section.hidden = !isShown;
}

function cellOf(cell: Cell): HTMLElement {
  return element('td', isClassed(cell) ? { class: cell.class } : {}, contentOf(cell));
}

function contentOf(cell: Cell): Child {
  return isClassed(cell) ? cell.content : cell;
}

function isClassed(cell: Cell): cell is { readonly content: Child; readonly class: string } {
  return typeof cell === 'object' && cell !== null && 'content' in cell;
}
