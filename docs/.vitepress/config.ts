import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme, UserConfig } from 'vitepress';
import { CONTENTS, type Section } from './contents.ts';
import { markdownOptions } from './markdown.ts';
import { readPage } from './pages.ts';

const ROOT = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
const repository: string | undefined = manifest.repository?.url?.replace(/^git\+|\.git$/g, '');
const hasApi = existsSync(new URL('docs/api/index.md', ROOT));

const route = (path: string) => `/${path.replace(/README\.md$/, '').replace(/\.md$/, '')}`;
const links = ({ title, pages }: Section): DefaultTheme.SidebarItem => ({
  text: title,
  items: pages.map((path) => ({ text: readPage(path).title, link: route(path) })),
});
const api: DefaultTheme.SidebarItem[] = hasApi ? [{ text: 'API', link: '/api/' }] : [];

const config: UserConfig<DefaultTheme.Config> = {
  title: 'aloe-align',
  description: manifest.description,
  lang: 'en-GB',
  /** `tools/docs/build-site.ts` replaces this by the path from each page, so that the site works in any folder. */
  base: process.env.ALOE_DOCS_BASE ?? '/',
  outDir: fileURLToPath(new URL('site', ROOT)),
  cacheDir: fileURLToPath(new URL('.cache/vitepress', ROOT)),
  rewrites: { 'README.md': 'index.md', ':dir/README.md': ':dir/index.md' },
  // Addresses end in `.html`, so that links work in a folder on disk as well.
  cleanUrls: false,
  // Else each of the many pages of the API reference would have a list of all pages inside.
  metaChunk: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: markdownOptions(repository),
  themeConfig: {
    nav: [
      ...CONTENTS.map(({ title, sections }) =>
        sections.length === 1
          ? { text: title, link: route(sections[0]!.pages[0]!) }
          : { text: title, items: sections.map(links) as DefaultTheme.NavItemChildren[] },
      ),
      ...(hasApi ? [{ text: 'API', link: '/api/' }] : []),
    ],
    sidebar: {
      '/api/': api,
      '/': [
        ...CONTENTS.map(({ title, sections }) => ({
          text: title,
          items: sections.length === 1 ? (links(sections[0]!).items ?? []) : sections.map(links),
        })),
        ...api,
      ],
    },
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      // The API reference repeats the words of the pages, and would bury them.
      options: {
        _render: (text, env, md) => (env.relativePath.startsWith('api/') ? '' : md.render(text, env)),
      },
    },
    ...(repository && {
      editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
      socialLinks: [{ icon: 'github', link: repository }],
    }),
    docFooter: { prev: 'Before', next: 'Next' },
    externalLinkIcon: true,
  },
};

export default config;
