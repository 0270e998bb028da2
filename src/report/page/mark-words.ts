/** Highlights the search words without changing the document. Browsers without CSS highlights show plain text. */
export function markWords(place: HTMLElement, words: string): void {
  if (!('highlights' in CSS)) return;
  CSS.highlights.delete('found');
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return;
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.nodeValue?.toLowerCase() ?? '';
    // Lower-casing can change a text's length, and then offsets would be wrong.
    if (text.length !== node.nodeValue?.length) continue;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      ranges.push(range);
    }
  }
  CSS.highlights.set('found', new Highlight(...ranges));
}
