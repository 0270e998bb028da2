/**
 * Runs the figures and prints one table. `npm run bench` runs all, `npm run bench -- conversation "rate limit"` some,
 * `--quick` each with small rounds. Writes one file per script to `results/`, and a table of all of them to
 * `results/README.md`; `--table` measures nothing and only writes that.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FigureResult, type FigureRow, markdownTable, RESULTS } from './measure.ts';
import { SCRIPTS, type Script, TESTS } from './scripts.ts';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean' }, table: { type: 'boolean' } },
  allowPositionals: true,
});
const wanted = positionals.map((figure) => figure.toLowerCase().replaceAll('-', ' '));
const known = new Set([...SCRIPTS.flatMap(({ figures }) => figures), ...TESTS.keys()]);
const unknown = wanted.filter((figure) => !known.has(figure));
if (unknown.length > 0) {
  throw new Error(`There is no figure ${unknown.join(', ')}. There are: ${[...known].join(', ')}.`);
}
const isWanted = (figure: string) => wanted.length === 0 || wanted.includes(figure);

const pathOf = ({ name }: Script) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
const isMissing = (script: Script) => !existsSync(pathOf(script));
if (!values.table) await measure();
await writeReadme();

async function measure(): Promise<void> {
  const notMeasured: string[] = [];
  const rows: FigureRow[] = [];
  for (const script of SCRIPTS.filter(({ figures }) => figures.some(isWanted))) {
    const { name, figures } = script;
    if (isMissing(script)) {
      notMeasured.push(`${figures.join(', ')}: there is no bench/${name}.ts.`);
      continue;
    }
    const start = performance.now();
    await run(script);
    rows.push(...((await resultOf(script))?.rows ?? []));
    console.error(`${name}: ${Math.round((performance.now() - start) / 1_000)} s`);
  }
  for (const [figure, command] of TESTS) {
    if (isWanted(figure)) notMeasured.push(`${figure}: a test, \`${command}\`.`);
  }
  console.log(markdownTable(rows));
  for (const line of notMeasured) console.error(`NOT MEASURED: ${line}`);
}

async function run(script: Script): Promise<void> {
  const args = values.quick ? script.quickly : script.fully;
  const child = spawn(process.execPath, [pathOf(script), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${script.name} ended with ${code}.`);
}

async function resultOf({
  name,
  rows,
}: Script): Promise<Pick<FigureResult, 'rows' | 'machine' | 'quick'> | undefined> {
  let text: string;
  try {
    text = await readFile(new URL(`${name}.json`, RESULTS), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const result = JSON.parse(text) as FigureResult;
  return rows === undefined ? result : { ...result, rows: rows(result as never) };
}

async function writeReadme(): Promise<void> {
  const results = await Promise.all(
    SCRIPTS.map(async (script) => ({ ...script, result: await resultOf(script) })),
  );
  const rows = results.flatMap(({ result }) => result?.rows ?? []);
  const measured = results.flatMap(({ name, result }) =>
    result ? `| ${name} | ${result.machine}${result.quick ? ', small rounds' : ''} |` : [],
  );
  const missing = results.flatMap(({ result, name }) => (result ? [] : name));
  const text = `# Measured

${markdownTable(rows)}

Medians of the rounds, with the least and the most; the rounds themselves are in the files beside this one. What each
figure means and how it is measured: [performance](../../docs/performance.md).

| script | where and when |
| --- | --- |
${measured.join('\n')}

${missing.length === 0 ? '' : `Not measured: ${missing.join('; ')}.\n`}`;
  await writeFile(new URL('README.md', RESULTS), text);
}
