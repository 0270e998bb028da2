import { type StatementLimits, splitSentences } from '../statements.ts';
import { type OutlineNode, readOutline } from './outline.ts';
import { arePeople, isInformative } from './person-or-people.ts';

/** Introductions and closing remarks that models add to the requested text. */
const CHATTER =
  /^(?:(?:sure|certainly|of course|absolutely|okay|ok|great|alright|no problem|understood|got it)(?: thing)?\s*[!,.:]|(?:sure,? |okay,? )?here(?:['’]s| is| are)\b|below (?:is|are)\b|(?:the )?following (?:is|are)\b|these (?:\S+ ){0,3}(?:profiles|personalities|people|personas|characters|individuals)\b|i hope (?:this|these|that|they|you|it)\b|hope (?:this|these)\b|let me know\b|feel free\b|please (?:let|note)\b|note\s*:|if you(?:['’]d| would| need| want)\b|would you like (?:me|to|more)\b|i(?:['’]ve| have)\b.*\b(?:profiles|personalities|personas)\b|(?:new )?(?:profiles|personalities|personas|people)\s*:?$)/i;

/** The statements of each person in a reply of lists, headings or paragraphs. */
export function entriesFromText(reply: string, limits: StatementLimits): string[][] {
  return entriesOf(readOutline(reply), limits).filter((entry) => entry.length > 0);
}

export function isChatter(text: string): boolean {
  return CHATTER.test(text);
}

function entriesOf(node: OutlineNode, limits: StatementLimits): string[][] {
  if (node.children.length === 0)
    return node.kind === 'root' ? entriesOfParagraphs(node, limits) : [ownStatements(node)];
  const labelled = node.kind === 'label' || node.kind === 'item';
  const leaves = node.children.every(isLeaf);
  if (leaves && node.children.every(({ kind }) => kind === 'item')) {
    const items = node.children.map((child) => ownStatements(child));
    const texts = items.map((item) => item.join(' '));
    return arePeople(texts, labelled, limits) ? items : [[...ownStatements(node), ...items.flat()]];
  }
  const branches = node.children.filter((child) => !isLeaf(child));
  const categories =
    labelled &&
    branches.filter((child) => countItems(child) < limits.minStatements).length > branches.length / 2;
  if (categories || (node.kind === 'heading' && branches.length > 0 && branches.every(isCategory))) {
    return [allStatements(node)];
  }
  return node.children.flatMap((child) => entriesOf(child, limits));
}

/** Reads plain paragraphs: one per person, or one per statement about a single person. */
function entriesOfParagraphs(node: OutlineNode, limits: StatementLimits): string[][] {
  const paragraphs = node.paragraphs.map(joinWrappedLines).filter((lines) => !lines.every(isChatter));
  if (paragraphs.every((lines) => lines.length === 1)) {
    const texts = paragraphs.flat();
    return texts.length > 0 && !arePeople(texts, false, limits) ? [texts] : paragraphs;
  }
  return paragraphs.flatMap((lines) => {
    const [first = '', ...rest] = lines;
    const people = isChatter(first) && rest.length > 0 ? rest : lines;
    const oneEach = people.length > 1 && people.every((line) => splitSentences(line).length >= 2);
    return oneEach ? people.map((line) => [line]) : [people];
  });
}

/** Title and paragraphs of a node, without its children. */
function ownStatements(node: OutlineNode): string[] {
  const lines = joinWrappedLines([node.title, ...node.paragraphs.flat()]);
  const onlyTitle = node.kind === 'item' && isLeaf(node) && node.paragraphs.length === 0;
  const keepsTitle = onlyTitle || lines[0] !== node.title || isInformative(node.title);
  return (keepsTitle ? lines : lines.slice(1)).filter((text) => text !== '' && !isChatter(text));
}

/** All statements of a node and its children. Short items get the name of their category ("Family: one son"). */
function allStatements(node: OutlineNode): string[] {
  const below = node.children.flatMap((child) => {
    const category = child.title.replace(/(?<![:\s])[:\s]+$/, '');
    return allStatements(child).map((text) =>
      !isLeaf(child) && category !== '' && text.split(/\s+/).length <= 3 ? `${category}: ${text}` : text,
    );
  });
  return [...ownStatements(node), ...below];
}

function isLeaf(node: OutlineNode): boolean {
  return node.children.length === 0;
}

/** Whether a node is a category within one person, such as "Work:" or "Family:". */
function isCategory(node: OutlineNode): boolean {
  return node.title.endsWith(':') && node.title.split(/\s+/).length <= 3;
}

function countItems(node: OutlineNode): number {
  return node.children.length === 0 ? 1 : node.children.reduce((sum, child) => sum + countItems(child), 0);
}

/** Joins lines that were wrapped in mid-sentence. */
function joinWrappedLines(lines: readonly string[]): string[] {
  const joined: string[][] = [];
  let previous = '';
  let length = 0;
  for (const line of lines) {
    const goesOn =
      length > 0 && !/[.!?:;]["'”’)]?$/.test(previous) && (/^\p{Ll}/u.test(line) || length >= 60);
    if (goesOn) joined.at(-1)!.push(line);
    else joined.push([line]);
    length = goesOn ? length + 1 + line.length : line.length;
    previous = line;
  }
  return joined.map((parts) => parts.join(' '));
}
