import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const DOCS = new URL('../', import.meta.url);

/** What an index says of a page. */
export interface PageEntry {
  /** Below `docs/`. */
  readonly path: string;
  readonly title: string;
  /** One line, from the page's frontmatter. */
  readonly description: string;
}

/**
 * Reads the title and the description that a page states itself.
 *
 * @throws If it lacks one of them.
 */
export function readPage(path: string): PageEntry {
  const text = readFileSync(new URL(path, DOCS), 'utf8');
  const frontmatter = /^---\n(.*?)^---\n/ms.exec(text)?.[1] ?? '';
  const description: unknown = parse(frontmatter)?.description;
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (typeof description !== 'string' || title === undefined)
    throw new Error(`docs/${path}: no title, or no "description" at its top`);
  return { path, title: title.replaceAll('`', ''), description };
}
