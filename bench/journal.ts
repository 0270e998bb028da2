/**
 * "journal": cost of the journal per call, on versus off. Run with `node bench/journal.ts [--rounds 5] [--calls 10000]`.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ChatModel } from '../src/models/chat-model.ts';
import { openaiCompatible } from '../src/models/openai-compatible.ts';
import { journaled } from '../src/runs/calls/journaled.ts';
import { Journal } from '../src/runs/journal/journal.ts';
import { describeMachine } from './measure.ts';
import { startServer } from './servers/start-server.ts';

const CONCURRENCY = 500;
const PROMPT = 'What shall I say to them today? '.repeat(128);
const REPLY = 'All work and no play makes a long reply. '.repeat(32);

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, calls: { type: 'string', default: '10000' } },
});
const rounds = Number(values.rounds);
const calls = Number(values.calls);

const instant: ChatModel = {
  id: 'instant',
  generate: async () => ({
    text: REPLY,
    finishReason: 'stop',
    usage: { inputTokens: 1_000, cachedInputTokens: 0, outputTokens: 320 },
  }),
};

interface Round {
  readonly model: string;
  readonly journal: boolean;
  /** CPU time of this process, in microseconds per call. */
  readonly cpuUs: number;
  readonly wallMs: number;
}

async function play(name: string, model: ChatModel, journal: Journal | undefined): Promise<Round> {
  const played = journal === undefined ? model : journaled(model, { journal });
  let next = 0;
  const work = async () => {
    while (next < calls) {
      const number = next++;
      await played.generate(
        { messages: [{ role: 'user', content: `${number} ${PROMPT}` }], temperature: 0.7, seed: number },
        { place: { task: 'bench', subject: String(number), role: 'speaker' } },
      );
    }
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { model: name, journal: journal !== undefined, cpuUs: (user + system) / calls, wallMs };
}

const server = await startServer('hashed-latency', { meanMs: 200, sigma: 0.3 });
const folder = await mkdtemp(join(tmpdir(), 'aloe-bench-journal-'));
const models = {
  instant: instant,
  '200 ms, HTTP': openaiCompatible('bench', { baseUrl: server.baseUrl, maxSockets: CONCURRENCY }),
};
const results: Round[] = [];
try {
  // The first round is a warm-up and does not count.
  for (let round = -1; round < rounds; round++) {
    for (const [name, model] of Object.entries(models)) {
      const journal = new Journal(join(folder, `${round}-${results.length}.sqlite`));
      // Alternating, so that neither always pays for the other's garbage.
      const order = round % 2 === 0 ? [undefined, journal] : [journal, undefined];
      for (const each of order) {
        const result = await play(name, model, each);
        if (round >= 0) results.push(result);
        console.error(JSON.stringify(result));
      }
      journal.close();
    }
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const figures = Object.keys(models).map((name) => {
  const of = (journal: boolean, value: (round: Round) => number) =>
    results.filter((round) => round.model === name && round.journal === journal).map(value);
  const pairs = (value: (round: Round) => number, compare: (on: number, off: number) => number) => {
    const off = of(false, value);
    return of(true, value).map((on, index) => compare(on, off[index]!));
  };
  const cpu = pairs(
    ({ cpuUs }) => cpuUs,
    (on, off) => on - off,
  );
  const wall = pairs(
    ({ wallMs }) => wallMs,
    (on, off) => 100 * (on / off - 1),
  );
  return {
    model: name,
    'off, us/call': median(of(false, ({ cpuUs }) => cpuUs)),
    'on, us/call': median(of(true, ({ cpuUs }) => cpuUs)),
    'added, us/call': median(cpu),
    'added, least': Math.min(...cpu),
    'added, most': Math.max(...cpu),
    // An instant model has no wall time to take a share of.
    ...(name !== 'instant' && {
      'wall added, %': median(wall),
      'wall, least': Math.min(...wall),
      'wall, most': Math.max(...wall),
    }),
  };
});

console.log(`${calls} calls, ${CONCURRENCY} at once, medians of ${rounds} rounds; targets: 60 us, 3 %`);
console.table(
  figures.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' ? Number(value.toFixed(1)) : value,
      ]),
    ),
  ),
);

const output = new URL('./results/', import.meta.url);
await mkdir(output, { recursive: true });
const machine = describeMachine();
await writeFile(
  new URL('journal.json', output),
  `${JSON.stringify({ figure: 'journal', calls, concurrency: CONCURRENCY, machine, figures, rounds: results }, null, 2)}\n`,
);
