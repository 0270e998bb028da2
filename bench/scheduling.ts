/**
 * "schedules": 1,000 conversations of 10 turns with four calls each (the first turn has nothing to induce: three), at most
 * 200 calls in flight, latencies lognormal with sigma 0.6. Compares the builder, where each conversation advances
 * on its own, with one pass over the data set per call of a conversation, and with lockstep batches. Run with
 * `node bench/scheduling.ts [--rounds 5] [--quick]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConversationTreeBuilder } from '../src/conversations/conversation-tree-builder.ts';
import { concurrentMap } from '../src/internal/concurrent-map.ts';
import type { ChatModel } from '../src/models/chat-model.ts';
import { openaiCompatible } from '../src/models/openai-compatible.ts';
import type { Persona } from '../src/personas/persona.ts';
import { openRun, type Run } from '../src/runs/run.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';
import { pinToCore } from './pin-to-core.ts';
import { startServer } from './servers/start-server.ts';

const { quick, rounds } = benchOptions();
const CONVERSATIONS = quick ? 400 : 1_000;
const TURNS = 10;
/** Of the steps to compare with, which are all alike, so that a part of them has the share of all. */
const STEPS = 12;
const IN_FLIGHT = 200;
/** A fraction of a real model's latency, so that a round does not take an hour. */
const MEAN_MS = 100;

/** Open conversations: more than the slots need, as a turn has only one or two calls in flight. */
const LIVE = 250;

type Schedule = (run: Run, model: ChatModel) => Promise<void>;

function personas(count: number): Persona[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `persona-${number}`,
    profile: {
      id: `profile-${number}`,
      facts: Array.from({ length: 9 }, (_, fact) => `Keeps ${fact + 2} hives behind barn number ${number}`),
    },
    personality: {
      id: `personality-${number}`,
      traits: Array.from(
        { length: 9 },
        (_, trait) => `Grumbles ${trait + 2} times before agreeing to anything`,
      ),
    },
  }));
}

const TRANSCRIPT = 'And then I thought of the garden, which wants more rain than it will get. '.repeat(54);

/** Calls of the other schedules: as many and as long as the builder's, without its own work. */
function callOf(run: Run, model: ChatModel): (conversation: number, call: number) => Promise<unknown> {
  const wrapped = run.model(model);
  return (conversation, call) => {
    const place = { task: 'bench', subject: String(conversation), turn: call, role: 'speaker' };
    const messages = [{ role: 'user' as const, content: `${conversation} ${call} ${TRANSCRIPT}` }];
    return wrapped.generate({ messages, temperature: 0.7, seed: run.seedFor(place) }, { place });
  };
}

async function pass(conversations: Iterable<number>, work: (conversation: number) => Promise<unknown>) {
  for await (const _ of concurrentMap(conversations, work, { concurrency: IN_FLIGHT, order: 'finish' }));
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

const LOCKSTEP = `lockstep batches of ${IN_FLIGHT}`;

const schedules: Record<string, Schedule> = {
  async 'each conversation on its own'(run, model) {
    const builder = new ConversationTreeBuilder({
      run,
      roles: model,
      turns: TURNS,
      // 39 calls, to which the other schedules' steps correspond.
      induction: 'previous-turns',
      concurrency: LIVE,
    });
    for await (const { failures } of builder.build(personas(CONVERSATIONS))) {
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
    }
  },
  async 'one pass over all for each call'(run, model) {
    const call = callOf(run, model);
    for (let number = 0; number < STEPS; number++) {
      await pass(numbers(0, CONVERSATIONS), (conversation) => call(conversation, number));
    }
  },
  /** One batch: others would come after it, so that it has the share of all. */
  async [LOCKSTEP](run, model) {
    const call = callOf(run, model);
    for (let number = 0; number < STEPS; number++) {
      await Promise.all(numbers(0, IN_FLIGHT).map((conversation) => call(conversation, number)));
    }
  },
};

interface Round {
  readonly schedule: string;
  readonly efficiency: number;
  readonly calls: number;
  readonly wallMs: number;
  readonly cpuUs: number;
}

async function playRound(schedule: string): Promise<Round> {
  const server = await startServer('dialogue', { meanMs: MEAN_MS, sigma: 0.6 });
  const folder = await mkdtemp(join(tmpdir(), 'aloe-bench-'));
  try {
    const run = await openRun(join(folder, 'run'), { concurrency: IN_FLIGHT });
    const model = openaiCompatible('bench', { baseUrl: server.baseUrl, maxSockets: IN_FLIGHT });
    const cpu = process.cpuUsage();
    const start = performance.now();
    await schedules[schedule]!(run, model);
    const wallMs = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    await run.close();
    const { requests, latencyMs } = await server.counts();
    return {
      schedule,
      // No conversation is longer than all latencies shared among the slots.
      efficiency: latencyMs / IN_FLIGHT / wallMs,
      calls: requests,
      wallMs,
      cpuUs: (user + system) / requests,
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

pinToCore(1);
const results: Round[] = [];
for (let round = 0; round < rounds; round++) {
  for (const schedule of Object.keys(schedules)) {
    const result = await playRound(schedule);
    results.push(result);
    console.error(JSON.stringify(result));
  }
}

const efficiencies = (schedule: string) =>
  results.filter((round) => round.schedule === schedule).map(({ efficiency }) => efficiency);
const [own, passes, lockstep] = Object.keys(schedules).map(efficiencies) as [number[], number[], number[]];

await saveFigure('scheduling', {
  quick,
  rounds: results,
  rows: [
    judged('schedules', `efficiency at C=${IN_FLIGHT}, each conversation on its own`, own, {
      atLeast: 0.85,
      digits: 2,
    }),
    judged('schedules', 'one pass over all for each call', passes, { digits: 2 }),
    judged('schedules', LOCKSTEP, lockstep, { digits: 2 }),
    judged(
      'schedules',
      'on its own / one pass for each call',
      own.map((value, round) => value / passes[round]!),
      { atLeast: 1.5, digits: 2, unit: ' x' },
    ),
  ],
});
