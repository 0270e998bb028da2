/**
 * "import": time to import the built package into a fresh process, beside the `openai` package. The two take turns.
 * Run with `npm run build && node bench/root-import.ts [--rounds 5] [--quick]`.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchOptions, judged, median, saveFigure } from './measure.ts';

const { quick, rounds } = benchOptions();
const REPEATS = quick ? 3 : 15;
const root = fileURLToPath(new URL('..', import.meta.url));

function importTime(name: string): number {
  const code = `const start = performance.now(); await import('${name}'); console.log(performance.now() - start);`;
  const words = ['--input-type=module', '--eval', code];
  return Number(execFileSync(process.execPath, words, { cwd: root, encoding: 'utf8' }));
}

const times: Record<'aloe-align' | 'openai', number[]> = { 'aloe-align': [], openai: [] };
const ratios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const own = { 'aloe-align': [] as number[], openai: [] as number[] };
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const name of ['aloe-align', 'openai'] as const) own[name].push(importTime(name));
  }
  const [aloe, openai] = [median(own['aloe-align']), median(own.openai)];
  times['aloe-align'].push(aloe);
  times.openai.push(openai);
  ratios.push(aloe / openai);
}

const rows = [
  judged('import', 'import of aloe-align / `openai`', ratios, { atMost: 0.7, digits: 2 }),
  ...Object.entries(times).map(([name, values]) =>
    judged('import', `import of ${name}`, values, { digits: 0, unit: ' ms' }),
  ),
];
await saveFigure('root-import', { quick, rows, rounds: times });
