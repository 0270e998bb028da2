import { posix } from 'node:path';

/**
 * Where a link of a page leads on the site. Pages link to files of the repository, so that they read well as files. An
 * index is `README.md` there and `index.md` here, and what lies outside `docs/` is not part of the site.
 *
 * @param page The linking page, below `docs/`.
 * @param repository Address of the repository, if it has one.
 * @returns The link, or null if its text stands alone.
 */
export function siteLink(href: string, page: string, repository: string | undefined): string | null {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.join('docs', posix.dirname(page), path);
  const end = anchor === undefined ? '' : `#${anchor}`;
  if (target.startsWith('docs/') && target.endsWith('.md')) {
    return path.replace(/(^|\/)README\.md$/, '$1index.md') + end;
  }
  if (target.startsWith('docs/charts/')) return href;
  return repository === undefined ? null : `${repository}/blob/main/${target}${end}`;
}
