import { stdout } from 'node:process';
import { oneLine } from '../internal/format.ts';

const GAP = 3;

/** Columns to fill: those of the terminal, 80 in a pipe, at most 110. */
export function columnsToFill(): number {
  return Math.min(stdout.columns ?? 80, 110);
}

/** Two titled texts in two columns, indented by two. With `lines`, what goes beyond as many is counted and left out. */
export function sideBySide(
  left: readonly [title: string, text: string],
  right: readonly [title: string, text: string],
  { columns = columnsToFill(), lines }: { readonly columns?: number; readonly lines?: number } = {},
): string {
  const width = Math.max(16, Math.floor((columns - 2 - GAP) / 2));
  const [first, second] = [left, right].map(([title, text]) => [
    title,
    ...shorten(wrapText(text, width), lines),
  ]) as [string[], string[]];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, line) => {
    const start = first[line] ?? '';
    return `  ${start}${' '.repeat(width - widthOf(start) + GAP)}${second[line] ?? ''}`.trimEnd();
  }).join('\n');
}

function shorten(lines: readonly string[], most = lines.length): readonly string[] {
  if (lines.length <= most) return lines;
  const words = lines
    .slice(most - 1)
    .join(' ')
    .split(' ').length;
  return [...lines.slice(0, most - 1), `... ${words} more words`];
}

/** The lines of a text, each at most so many columns wide. Its own line breaks are kept, its empty lines are not. */
export function wrapText(text: string, width: number): string[] {
  return text.split(/\n+/).flatMap((paragraph) => wrapParagraph(oneLine(paragraph), width));
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of paragraph.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.flatMap((line) => cutTo(line, width));
}

/** A word that is longer than a line goes on in the next. */
function cutTo(line: string, width: number): string[] {
  const characters = [...line];
  const parts: string[] = [];
  while (characters.length > width) parts.push(characters.splice(0, width).join(''));
  return [...parts, characters.join('')];
}

const segmenter = new Intl.Segmenter();

/** Columns on a terminal, where emoji take two. */
function widthOf(text: string): number {
  return [...segmenter.segment(text)].reduce(
    (sum, { segment }) => sum + (/\p{Emoji_Presentation}|\uFE0F/u.test(segment) ? 2 : 1),
    0,
  );
}
