import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * What the compiler says about the TypeScript blocks of Markdown pages, as `page:line: message`. Each block is a module
 * of its own, as a reader copies it: it imports what it uses, and only the names of `free-names.ts` need not be made. In a
 * page that says `program: true` at its top, all blocks are one module.
 *
 * @param pages Texts by the path of their page.
 */
export async function checkCode(pages: ReadonlyMap<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'aloe-docs-'));
  try {
    const paths = await publicPaths();
    const doors = await Promise.all(
      Object.entries(paths).map(async ([door, [file]]) => [door, await readFile(file!, 'utf8')] as const),
    );
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        declaration: false,
        isolatedDeclarations: false,
        moduleDetection: 'legacy', // The free names are global: their file imports nothing.
        paths,
      },
      include: ['**/*.mts', fileURLToPath(new URL('free-names.ts', import.meta.url))],
      exclude: ['node_modules'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [page, text] of pages) {
      await mkdir(join(folder, dirname(page)), { recursive: true });
      for (const { line, code } of modulesOf(text)) {
        await writeFile(
          join(folder, `${page}.${line}.mts`),
          `${code}${sameAsExported(code, doors)}export {};\n`,
        );
      }
    }
    return (await compile(folder))
      .split(/\n(?! )/)
      .filter(Boolean)
      .map((problem) => problem.replace(/^(.+\.md)\.\d+\.mts\((\d+),\d+\): error TS\d+:/, '$1:$2:'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The blocks of a page, or all in one where they are one program. A line of a module is the same line of the page. */
function modulesOf(page: string): { line: number; code: string }[] {
  const blocks = Array.from(page.matchAll(/^```ts\n(.*?)^```$/gms), ({ 1: code = '', index }) => ({
    line: page.slice(0, index).split('\n').length,
    code,
  }));
  const modules = /^program: true$/m.test(page) ? [blocks] : blocks.map((block) => [block]);
  return modules.map((parts) => ({
    line: parts[0]?.line ?? 0,
    code: parts.reduce(
      (code, part) => code + '\n'.repeat(part.line - code.split('\n').length + 1) + part.code,
      '',
    ),
  }));
}

/** The package's entry points, from source: what is not exported is not found. */
async function publicPaths(): Promise<Record<string, string[]>> {
  const { exports } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries<{ types?: string }>(exports)
      .filter(([, { types }]) => types !== undefined)
      .map(([path, { types }]) => [
        path.replace('.', 'aloe-align'),
        [join(ROOT, types!.replace('dist', 'src').replace('.d.ts', '.ts'))],
      ]),
  );
}

/**
 * Statements that do not compile where a block repeats an interface of the library, and not as it is there.
 *
 * @param doors The source of each entry point, by its name.
 */
function sameAsExported(code: string, doors: readonly (readonly [string, string])[]): string {
  return Array.from(code.matchAll(/^interface (\w+)/gm), ([, name = '']) => {
    const door = doors.find(([, source]) => new RegExp(`\\b${name}\\b`).test(source))?.[0];
    if (door === undefined) return '';
    const theirs = `import('${door}').${name}`;
    return `[{} as ${name}, {} as ${theirs}] satisfies [${theirs}, ${name}];`;
  }).join('');
}

function compile(folder: string): Promise<string> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    );
  });
}
