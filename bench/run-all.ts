/**
 * Runs the figures and prints one table. `npm run bench` runs all, `npm run bench -- G1 G2` some, `--quick` each with
 * small rounds. Writes one file per figure to `results/`, and a table of all of them to `results/README.md`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { journalRows, rateLimitRows, resumeRows } from './foreign-rows.ts';
import { describeMachine, type FigureResult, type FigureRow, markdownTable, RESULTS } from './measure.ts';

interface Script {
  readonly figures: readonly string[];
  /** Name of the script and of its result file. */
  readonly name: string;
  readonly quickly: readonly string[];
  readonly fully: readonly string[];
  /** Rows of the result. Default: those in its file. */
  readonly rows?: (result: never) => FigureRow[];
}

const OWN = { quickly: ['--quick'], fully: [] };

const SCRIPTS: readonly Script[] = [
  { figures: ['G1'], name: 'cpu-per-call', ...OWN },
  { figures: ['G2'], name: 'efficiency', ...OWN },
  { figures: ['G3'], name: 'scheduling', ...OWN },
  {
    figures: ['G4'],
    name: 'rate-limit',
    quickly: ['--seconds', '8', '--rounds', '1', '--contender', 'aloe-align'],
    fully: ['--seconds', '30'],
    rows: rateLimitRows,
  },
  {
    figures: ['G6'],
    name: 'journal',
    quickly: ['--calls', '3000', '--rounds', '1'],
    fully: [],
    rows: journalRows,
  },
  {
    figures: ['G7'],
    name: 'resume',
    quickly: ['--calls', '20000', '--rounds', '1'],
    fully: [],
    rows: resumeRows,
  },
  { figures: ['G11', 'G13'], name: 'memory', ...OWN },
  { figures: ['S1'], name: 'bootstrap', ...OWN },
  { figures: ['S2'], name: 'root-import', ...OWN },
];

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean' } },
  allowPositionals: true,
});
const wanted = positionals.map((figure) => figure.toUpperCase());
const unknown = wanted.filter((figure) => !SCRIPTS.some(({ figures }) => figures.includes(figure)));
if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(', ')}.`);
const isWanted = ({ figures }: Script) =>
  wanted.length === 0 || figures.some((name) => wanted.includes(name));

const rows: FigureRow[] = [];
for (const script of SCRIPTS.filter(isWanted)) {
  const start = performance.now();
  await run(script);
  rows.push(...((await resultOf(script))?.rows ?? []));
  console.error(`${script.name}: ${Math.round((performance.now() - start) / 1_000)} s`);
}
console.log(markdownTable(rows));
await writeReadme();

async function run({ name, quickly, fully }: Script): Promise<void> {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...(values.quick ? quickly : fully)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${name} ended with ${code}.`);
}

async function resultOf({ name, rows }: Script): Promise<Pick<FigureResult, 'rows'> | undefined> {
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
  const all = (await Promise.all(SCRIPTS.map(resultOf))).flatMap((result) => result?.rows ?? []);
  const text = `# Measured

${markdownTable(all)}

${describeMachine()}.${values.quick ? ' Small rounds.' : ''}

Medians of the rounds, with the least and the most; the rounds themselves are in the files beside this one. What each
figure means and how it is measured: [performance](../../docs/performance.md).
`;
  await writeFile(new URL('README.md', RESULTS), text);
}
