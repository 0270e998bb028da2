/**
 * "conversation" beside Python peers: CPU a call of the builder with its journal and exporter, beside one pass over prompts of
 * 4 KB with bespoke curator and with inspect_ai. They are measured where a Python has them, by default `python3`:
 *
 *   python3 -m venv peers && peers/bin/pip install bespokelabs-curator inspect_ai
 *   PYTHON=peers/bin/python node bench/peers.ts [--rounds 3] [--quick]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playProgram } from './conversation/play-program.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';
import { startServer } from './servers/start-server.ts';

const { quick, rounds } = benchOptions();
const PYTHON = process.env.PYTHON ?? 'python3';
const PEERS = ['curator', 'inspect_ai'] as const;
const LATENCY = { meanMs: 50, sigma: 0.4 };
const CONCURRENCY = 100;
const CALLS = quick ? 400 : 2_000;
/** Of 40 calls each. Enough that the compiling of code, which the peers do not have, does not decide. */
const CONVERSATIONS = quick ? 10 : 200;
const NOT_INSTALLED = 3;

/** Undefined if the peer is not installed, or fails. */
async function ask(peer: (typeof PEERS)[number]): Promise<number | undefined> {
  const server = await startServer('hashed-latency', LATENCY);
  try {
    const script = fileURLToPath(new URL('./conversation/peers.py', import.meta.url));
    const options = { base_url: server.baseUrl, calls: CALLS, concurrency: CONCURRENCY };
    const child = spawn(PYTHON, [script, peer, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await Promise.race([
      once(child, 'close').then(([status]) => status as number),
      once(child, 'error').then(() => NOT_INSTALLED),
    ]);
    if (code === NOT_INSTALLED) {
      console.error(`NOT MEASURED: ${peer} is not installed in ${PYTHON}.`);
      return undefined;
    }
    const { requests } = await server.counts();
    if (code !== 0 || requests < CALLS) {
      console.error(`NOT MEASURED: ${peer} ended with ${code} after ${requests} of ${CALLS} calls.`);
      return undefined;
    }
    const { cpuUs } = JSON.parse(said.trimEnd().split('\n').at(-1)!) as { cpuUs: number };
    return cpuUs / CALLS;
  } finally {
    await server.stop();
  }
}

const builder: number[] = [];
const peers: Record<(typeof PEERS)[number], number[]> = { curator: [], inspect_ai: [] };
for (let round = 0; round < rounds; round++) {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-bench-'));
  const { cpuUs, calls } = await playProgram(LATENCY, {
    program: 'build with aloe-align',
    conversations: CONVERSATIONS,
    turns: 10,
    concurrency: CONCURRENCY,
    dir,
  });
  await rm(dir, { recursive: true });
  builder.push(cpuUs / calls);
  for (const peer of PEERS) {
    const perCall = await ask(peer);
    if (perCall === undefined) {
      continue;
    }
    peers[peer].push(perCall);
    console.error(JSON.stringify({ peer, round, cpuUs: perCall, builderUs: builder.at(-1) }));
  }
}

await saveFigure('peers', {
  quick,
  rounds: [{ builder, ...peers }],
  rows: PEERS.flatMap((peer) => [
    judged(
      'conversation',
      `CPU a call, builder / ${peer}`,
      peers[peer].map((value, round) => builder[round]! / value),
      { ...(peer === 'curator' && { atMost: 0.1 }), digits: 2 },
    ),
    judged('conversation', `a pass with ${peer}`, peers[peer], { digits: 0, unit: ' us a call' }),
  ]),
});
