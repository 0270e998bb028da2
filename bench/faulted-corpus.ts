/**
 * "stray refusals" and "outage" in a whole corpus: 3,310 conversations of 10 turns at 300 in flight, under 1 % stray 429s and
 * two outages of a minute (one of 503s, one without any answer), beside the same corpus undisturbed. Reports time, failed
 * conversations and whether the files are equal. Run with `node bench/faulted-corpus.ts [--quick]`, or `--scale 0.1` for a
 * tenth of the corpus and `--outage-seconds 6` for short outages.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playProgram } from './conversation/play-program.ts';
import { judged, saveFigure } from './measure.ts';
import type { DialogueOptions } from './servers/dialogue-server.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    scale: { type: 'string' },
    'outage-seconds': { type: 'string' },
  },
});
const quick = values.quick ?? false;
const conversations = Math.round(3_310 * Number(values.scale ?? (quick ? 0.02 : 1)));
const outageMs = 1_000 * Number(values['outage-seconds'] ?? (quick ? 5 : 60));
const LATENCY = { meanMs: 30, sigma: 0.4 };
const CALLS_PER_CONVERSATION = 40;
const OUTAGES_AT = [0.3, 0.6];

interface Played {
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  /** Hash of all files of the export. */
  readonly files: string;
}

async function play(options: DialogueOptions): Promise<Played> {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-bench-'));
  const { wallMs, calls } = await playProgram(options, {
    program: 'build with aloe-align',
    conversations,
    turns: 10,
    concurrency: 300,
    mayFail: true,
    dir,
  });
  const data = join(dir, 'data');
  const hash = createHash('sha256');
  for (const name of (await readdir(data)).sort()) hash.update(name).update(await readFile(join(data, name)));
  const manifest = JSON.parse(await readFile(join(data, 'manifest.json'), 'utf8')) as {
    source: { failedConversations: number };
  };
  await rm(dir, { recursive: true });
  const result = {
    seconds: wallMs / 1_000,
    requests: calls,
    failed: manifest.source.failedConversations,
    files: hash.digest('hex'),
  };
  console.error(JSON.stringify(result));
  return result;
}

const calm = await play(LATENCY);
const faulted = await play({
  ...LATENCY,
  refusedShare: 0.01,
  outagesAfter: OUTAGES_AT.map((share) => share * conversations * CALLS_PER_CONVERSATION),
  outageMs,
});
const awaySeconds = (OUTAGES_AT.length * outageMs) / 1_000;

const corpus = `${conversations.toLocaleString('en')} x 10`;
await saveFigure('faulted-corpus', {
  quick,
  rounds: [calm, faulted],
  rows: [
    judged(
      'outage',
      `failed conversations, ${corpus}, 1 % 429s, 2 outages of ${outageMs / 1_000} s`,
      [faulted.failed],
      {
        atMost: 0,
        digits: 0,
      },
    ),
    judged('outage', `files unlike the undisturbed ones, ${corpus}`, [Number(faulted.files !== calm.files)], {
      atMost: 0,
      digits: 0,
    }),
    judged(
      'stray refusals',
      `throughput without the outages / undisturbed, ${corpus}`,
      [calm.seconds / (faulted.seconds - awaySeconds)],
      { atLeast: 0.92, digits: 2 },
    ),
    judged('outage', `time, ${corpus}, undisturbed`, [calm.seconds], { digits: 0, unit: ' s' }),
    judged('outage', `time, ${corpus}, with both`, [faulted.seconds], { digits: 0, unit: ' s' }),
  ],
});
