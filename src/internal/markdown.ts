import { oneLine } from './format.ts';

/** What would begin a heading, a quotation, a list item, a task or a rule at the start of a line. */
const BLOCK_START = /^(\d{1,9}(?=[.)](?:\s|$))|(?=>|\[[ x]\]|(?:#{1,6}|[-+=]+)(?:\s|$)))/i;

/** HTML, its character references, code, emphasis, cells, the middle of links and images, and addresses that become links by themselves. */
const MARKUP = /[\\`*<|~]|&(?=#?\w{1,31};)|\](?=[(:])|(?<=:)(?=\/\/)|(?<=www)(?=\.)/gi;

/** Foreign text, such as a name, as one line of Markdown that shows just this text. */
export function markdownText(text: string): string {
  return oneLine(text).replace(MARKUP, '\\$&').replace(BLOCK_START, '$1\\');
}

/** Foreign text as a code span, which shows it word for word. In a table, a `|` would still end the cell. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + runs.reduce((longest, run) => Math.max(longest, run.length), 0));
  const pad = line === '' || /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/**
 * A table of cells that are Markdown already, without a line break at its end.
 *
 * @param textColumns Number of columns that hold text, from the left. The others hold numbers and are set to the right.
 */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  textColumns = 1,
): string {
  const rule = header.map((_, column) => (column < textColumns ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
