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
