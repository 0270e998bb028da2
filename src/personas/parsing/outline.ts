/** A heading, a label, a list item or the whole text, with everything below it. */
export interface OutlineNode {
  readonly kind: 'root' | 'label' | 'heading' | 'item';
  readonly title: string;
  /** Paragraphs of plain text below the title. Each is a list of lines. */
  readonly paragraphs: string[][];
  readonly children: OutlineNode[];
}

interface Titled {
  readonly text: string;
  /** A line belongs to the nearest line above it with a lower level. */
  readonly level: number;
}

interface Item extends Titled {
  readonly kind: 'item';
  /** Left out for bullets. */
  readonly number?: number;
}

type Line =
  | { readonly kind: 'blank' }
  | { readonly kind: 'text'; readonly text: string }
  | (Titled & { readonly kind: 'label' | 'heading' })
  | Item;

const LABEL =
  /^(?:the\s+)?(?:profile|personality|persona|person|character|individual|entry|candidate)\s*(?:(?:#|no\.?\s|number\s)\s*)?(?:\d{1,3}|[ivx]{1,5}|[A-Z]|one|two|three|four|five|six|seven|eight|nine|ten)\b\s*(?:[:.)\-–—]+\s*|$)(.*)$/i;
const NUMBERED = /^(\s*)\(?(\d{1,3})(?:[.):\]]+|\s+[-–—])(?:\s+(.*))?$/;
const BULLETED = /^(\s*)[-*+•‣▪◦·●○–—](?:\s+(.*))?$/;
const RULE = /^\s*([-*_=])(?:\s*\1){2,}\s*$/;

/** Markdown headings have levels 1 to 6. List items are numbered from 20 up, by indentation. */
const LABEL_LEVEL = 10;
const HEADING_LEVEL = 15;
const ITEM_LEVEL = 20;

/** Parses a text with headings, labels, numbers, bullets and indentation into a tree. */
export function readOutline(text: string): OutlineNode {
  const lines = separateLists(markHeadings(text.split(/\r\n|[\r\n\u2028\u2029]/).map(readLine)));
  const root: OutlineNode = { kind: 'root', title: '', paragraphs: [], children: [] };
  const open: { node: OutlineNode; level: number }[] = [{ node: root, level: 0 }];
  let paragraph: string[] | undefined;
  for (const line of lines) {
    if (line.kind === 'text') {
      if (paragraph === undefined) {
        paragraph = [];
        open.at(-1)!.node.paragraphs.push(paragraph);
      }
      paragraph.push(line.text);
      continue;
    }
    paragraph = undefined;
    if (line.kind === 'blank') continue;
    while (open.at(-1)!.level >= line.level) open.pop();
    const node: OutlineNode = { kind: line.kind, title: line.text, paragraphs: [], children: [] };
    // No real layout is deeper, and deeper trees could overflow the stack of recursive code.
    if (open.length < 20) {
      open.at(-1)!.node.children.push(node);
      open.push({ node, level: line.level });
    } else open.at(-1)!.node.paragraphs.push([line.text]);
  }
  return root;
}

function readLine(raw: string): Line {
  if (raw.trim() === '' || RULE.test(raw) || /^\s*```/.test(raw)) return { kind: 'blank' };
  const plain = raw
    .replace(/\t/g, '    ')
    .replace(/\*\*|__/g, '')
    .replace(/^\s*>\s?/, '');
  const hashes = /^\s*(#{1,6})\s+(.*)$/.exec(plain);
  const bullet = BULLETED.exec(plain);
  const numbered = NUMBERED.exec(plain);
  const text = (hashes?.[2] ?? bullet?.[2] ?? numbered?.[3] ?? (bullet || numbered ? '' : plain)).trim();
  const label = LABEL.exec(text.replace(/^\(?\d{1,3}[.)]\s+/, '').replace(/[*_]+/g, ''));
  if (label !== null) return { kind: 'label', level: LABEL_LEVEL, text: label[1]! };
  if (hashes) return { kind: 'heading', level: hashes[1]!.length, text };
  if (numbered) return { kind: 'item', level: itemLevel(numbered[1]!, 0), text, number: Number(numbered[2]) };
  if (bullet) return { kind: 'item', level: itemLevel(bullet[1]!, 1), text };
  const bold = /^\s*(\*\*|__).+\1\s*(?::\s*)?$/.test(raw);
  return bold && !/[.!?]$/.test(text)
    ? { kind: 'heading', level: HEADING_LEVEL, text }
    : { kind: 'text', text };
}

/** Bullets at the same indentation as a number belong under it. */
function itemLevel(indentation: string, order: 0 | 1): number {
  return ITEM_LEVEL + 2 * indentation.length + order;
}

/** Turns a short line before a list into the heading of that list. */
function markHeadings(lines: readonly Line[]): Line[] {
  return lines.map((line, index) => {
    if (line.kind !== 'text') return line;
    const next = lines.slice(index + 1, index + 3).find(({ kind }) => kind !== 'blank');
    const short = line.text.split(/\s+/).length <= 8 && !/[.!?]$/.test(line.text);
    const heads = next?.kind === 'item' && (line.text.endsWith(':') || short);
    return heads ? { kind: 'heading', level: HEADING_LEVEL, text: line.text } : line;
  });
}

/**
 * Separates lists that have no headings by putting a label before each. A list starts where the numbers restart, or
 * where a bullet follows a blank line.
 */
function separateLists(lines: readonly Line[]): Line[] {
  const titles = lines.filter(({ kind }) => kind === 'label' || kind === 'heading').length;
  const items = [...lines.entries()].filter(([, line]) => line.kind === 'item') as [number, Item][];
  const outermost = items.reduce((least, [, { level }]) => Math.min(least, level), Infinity);
  const top = items.filter(([, { level }]) => level === outermost);
  const starts = top.filter(([index, line], position) => {
    if (position === 0) return true;
    const previous = top[position - 1]![1].number;
    if (line.number !== undefined && previous !== undefined) return line.number <= previous;
    return line.number === undefined && lines[index - 1]?.kind === 'blank';
  });
  if (titles > 1 || starts.length < 2 || top.length < 2 * starts.length) return [...lines];
  const labelled = new Set(starts.map(([index]) => index));
  return lines.flatMap((line, index) =>
    labelled.has(index) ? [{ kind: 'label', level: LABEL_LEVEL, text: '' } as const, line] : [line],
  );
}
