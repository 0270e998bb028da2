import { readFile } from 'node:fs/promises';
import { CONTENTS } from '../../docs/.vitepress/contents.ts';
import { readPage } from '../../docs/.vitepress/pages.ts';

/** The index for language models (llmstxt.org), whose links are paths inside the package. */
export function llmsText(summary: string): string {
  const sections = CONTENTS.map(({ title, sections: groups }) =>
    [
      `## ${title}`,
      '',
      ...groups
        .flatMap(({ pages }) => pages)
        .map(readPage)
        .map(({ path, title: name, description }) => `- [${name}](docs/${path}): ${description}`),
    ].join('\n'),
  );
  return `${[
    '# aloe-align',
    `> ${summary}`,
    [
      'Links are paths inside the npm package (`node_modules/aloe-align/`) and the repository. Begin with `skills/aloe-align/SKILL.md`',
      'if you write code with this library. `examples/` has a program for each piece, and types with comments are in `dist/*.d.ts`.',
    ].join('\n'),
    ...sections,
  ].join('\n\n')}\n`;
}

/** The same index as a file of the site, where pages are pages. */
export function onSite(llms: string): string {
  return llms
    .replace(/^Links are .*?^(?=## )/ms, '')
    .replaceAll(/\(docs\/(.*?)\.md\)/g, (_, path: string) => `(${path.replace(/README$/, 'index')}.html)`);
}

/** All pages in one file, in reading order. */
export async function llmsFullText(): Promise<string> {
  const paths = CONTENTS.flatMap(({ sections }) => sections.flatMap(({ pages }) => pages));
  const texts = await Promise.all(
    paths.map((path) => readFile(new URL(`../../docs/${path}`, import.meta.url), 'utf8')),
  );
  return texts.map((text) => text.replace(/^---\n.*?^---\n\n/ms, '')).join('\n\n');
}
