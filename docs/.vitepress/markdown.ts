import type { MarkdownOptions } from 'vitepress';
import { siteLink } from './links.ts';
import { slug } from './slug.ts';

/** How pages are rendered: links lead to the site's pages, and tables and pictures are accessible. */
export function markdownOptions(repository: string | undefined): MarkdownOptions {
  return {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: slug },
    // Braces are braces: elsewhere pages are plain Markdown.
    attrs: { disable: true },
    // An address that stands alone is one to type, such as that of a local server.
    linkify: false,
    config(md) {
      md.core.ruler.push('site', ({ tokens, env }) => {
        const page = String(env.relativePath).replace(/(^|\/)index\.md$/, '$1README.md');
        tokens.forEach((token, index) => {
          const content = tokens[index + 1]?.children ?? [];
          // An empty header says nothing to screen readers.
          if (
            /^th_/.test(token.type) &&
            (token.nesting === 1 ? content : tokens[index - 1]?.children)?.length === 0
          )
            token.tag = 'td';
          // Wide pictures scroll on a phone, also by keyboard.
          if (token.type === 'paragraph_open' && content.length === 1 && content[0]?.type === 'image')
            token.attrSet('tabindex', '0');
          for (const child of token.children ?? []) {
            const href = child.type === 'link_open' ? child.attrGet('href') : null;
            if (href === null) continue;
            const link = siteLink(href, page, repository);
            if (link === null) child.attrs = [];
            else child.attrSet('href', link);
          }
        });
      });
    },
  };
}
