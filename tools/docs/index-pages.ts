import { CONTENTS } from '../../docs/.vitepress/contents.ts';
import { readPage } from '../../docs/.vitepress/pages.ts';

const MARKERS = /(<!-- pages: [^\n]*-->\n).*(<!-- \/pages -->)/s;

/** The list of all pages, put into the text of `docs/README.md`. */
export function indexPage(text: string): string {
  const kinds = CONTENTS.map(({ title, wish, sections }) =>
    [
      `## ${title}`,
      `You want ${wish}.`,
      ...sections.map((section) => {
        const rows = section.pages
          .map(readPage)
          .map(({ path, title: name, description }) => `| [${name}](${path}) | ${description} |`);
        return [`| ${section.title} | |`, '| --- | --- |', ...rows].join('\n');
      }),
    ].join('\n\n'),
  );
  return text.replace(
    MARKERS,
    (_, start: string, end: string) => `${start}\n${kinds.join('\n\n')}\n\n${end}`,
  );
}

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
