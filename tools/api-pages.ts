/**
 * Writes the API reference to `docs/api/` (git ignores it), from the models that `tools/api-report.ts` leaves in `temp/`:
 * `npm run docs:api` does both. api-documenter renders the pages. It knows one entry point per package, so each subpath
 * is given to it as a package of its own, and the pages then name the subpath as one imports it.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { linkedModel, readSubpaths } from './api-model.ts';

const ROOT = new URL('..', import.meta.url);
const INPUT = fileURLToPath(new URL('temp/pages', ROOT));
const OUTPUT = fileURLToPath(new URL('docs/api', ROOT));
const DOCUMENTER = join(
  dirname(fileURLToPath(import.meta.resolve('@microsoft/api-documenter/package.json'))),
  'bin/api-documenter',
);
const VALUES = ['Class', 'Function', 'Variable'];

const subpaths = await readSubpaths(ROOT);
const packageOf = new Map(
  subpaths.flatMap((subpath) => subpath.exported.map(({ name }) => [name, subpath.package])),
);

await rm(INPUT, { recursive: true, force: true });
await mkdir(INPUT, { recursive: true });
for (const subpath of subpaths) {
  await writeFile(
    join(INPUT, `${subpath.package.replace('/', '.')}.api.json`),
    linkedModel(subpath, packageOf),
  );
}
await promisify(execFile)(process.execPath, [DOCUMENTER, 'markdown', '-i', INPUT, '-o', OUTPUT]);
await finishPages();

/** Drops the pages of single members, which say no more than the table on their owner's page, and writes the index. */
async function finishPages(): Promise<void> {
  const pages = new Map<string, string>();
  for (const file of await readdir(OUTPUT)) {
    pages.set(file, (await readFile(join(OUTPUT, file), 'utf8')).replaceAll('\r\n', '\n'));
  }
  for (const [file, text] of pages) {
    if (/^## .* property$/m.test(text) && !/^(##|\*\*)(?! .* property$|Signature)/m.test(text))
      pages.delete(file);
  }
  await rm(OUTPUT, { recursive: true });
  await mkdir(OUTPUT);
  pages.set('index.md', index(pages));
  for (const [file, text] of pages) {
    const named = text
      .replace(/^## (.*) package$/m, (_, name: string) => `## ${specifierOf(name)}`)
      .replace(/^## /m, '# ') // The title, which is the first heading.
      .replaceAll(/\n{3,}/g, '\n\n')
      .replaceAll(/\[([^\]]+)\]\(\.\/([\w.-]+\.md)\)(?:<!-- -->)?/g, (link, label: string, target: string) =>
        pages.has(target) ? link.replace('<!-- -->', '') : label,
      )
      .replaceAll(/@aloe-align\/([\w.-]+)/g, (_, name: string) => specifierOf(name));
    await writeFile(join(OUTPUT, file), named);
  }
}

function index(pages: ReadonlyMap<string, string>): string {
  const rows = subpaths.toReversed().map(({ specifier, package: own, exported }) => {
    const page = own.replace(/^.*\//, '');
    const values = exported.filter(
      ({ kind, name }, place) =>
        VALUES.includes(kind) && exported.findIndex((each) => each.name === name) === place,
    );
    const links = values.map(({ name }) => {
      const target = `${page}.${name.toLowerCase()}.md`;
      return pages.has(target) ? `[${name}](./${target})` : name;
    });
    return `| [\`${specifier}\`](./${page}.md) | ${links.join(', ')} |`;
  });
  return [
    '# API reference',
    '',
    'Types are on the page of the subpath that exports them.',
    '',
    '| import from | values |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** `models.openai`, as api-documenter knows a subpath, as one imports it. The root is already that. */
function specifierOf(name: string): string {
  return name === 'aloe-align' ? name : `aloe-align/${name.replaceAll('.', '/')}`;
}
