/**
 * The share of input tokens that a server's prefix cache has already, from the requests of whole conversations and
 * evaluations as they are sent, put through a cache of 16-token blocks. Run with `node bench/prefix.ts [--quick]`.
 *
 * The models are stand-ins whose replies have the length of real ones and take a random time, so that conversations
 * interleave. All roles share one server. What servers keep of replies (vLLM does) is not counted.
 */

import { aloeCases } from '../src/benchmark/aloe-cases.ts';
import { ConversationTreeBuilder } from '../src/conversations/conversation-tree-builder.ts';
import { scenariosOf } from '../src/estimate/scenario.ts';
import { standInModel } from '../src/estimate/stand-in-model.ts';
import { AloeEvaluator } from '../src/evaluation/aloe-evaluator.ts';
import { holisticJudge } from '../src/evaluation/judges/holistic-judge.ts';
import { seededRandom } from '../src/internal/seeded-random.ts';
import type { Message } from '../src/messages.ts';
import type { ChatModel } from '../src/models/chat-model.ts';
import { memoryRun } from '../src/runs/run.ts';
import { BlockCache, piecesOf } from './block-cache.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';

const { quick } = benchOptions();
const TURNS = 10;
const CONVERSATIONS = quick ? 40 : 300;
const MEMORY = 400_000;
/** Conversations at the same time. The first is what fits into the memory, the last what fills many sockets. */
const LIVE = [16, 64, 200];
const TARGET = 0.85;

interface Sent {
  readonly role: string;
  readonly messages: readonly Message[];
}

/** A model that records what it is sent, and answers in a random order. */
function recording(sent: Sent[]): ChatModel {
  const standIn = standInModel('stand-in', scenariosOf().typical);
  const random = seededRandom(7);
  return {
    id: 'stand-in',
    free: true,
    async generate(request, options = {}) {
      sent.push({ role: options.place?.role ?? 'other', messages: request.messages });
      await new Promise((resolve) => setTimeout(resolve, 1 + 20 * random()));
      return standIn.generate(request, options);
    },
  };
}

/** Each with a persona of its own: a profile with the personality of a case further on. */
const all = aloeCases();
const cases = Array.from({ length: CONVERSATIONS }, (_, number) => {
  const { profile } = all[number % all.length]!.persona;
  const { personality } = all[(number + Math.floor(number / all.length)) % all.length]!.persona;
  const id = `case-${number}`;
  return { id, persona: { id, profile, personality } };
});

async function builderCalls(live: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  const run = memoryRun({ seed: 7, concurrency: 2 * live });
  const builder = new ConversationTreeBuilder({
    run,
    roles: recording(sent),
    turns: TURNS,
    concurrency: live,
  });
  for await (const _ of builder.build(cases.map(({ persona }) => persona)));
  await run.close();
  return sent;
}

async function evaluatorCalls(live: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  const run = memoryRun({ seed: 7, concurrency: 3 * live });
  const model = recording(sent);
  const evaluator = new AloeEvaluator({
    run,
    user: model,
    judge: holisticJudge(model),
    cases,
    turns: TURNS,
    concurrency: live,
  });
  await evaluator.evaluate(model);
  await run.close();
  return sent;
}

interface Shares {
  readonly all: number;
  readonly byRole: Readonly<Record<string, number>>;
}

function hitShares(sent: readonly Sent[], memory: number): Shares {
  const cache = new BlockCache(memory);
  const counts = new Map<string, { read: number; cached: number }>();
  for (const { role, messages } of sent) {
    const pieces = piecesOf(messages);
    const count = counts.get(role) ?? { read: 0, cached: 0 };
    count.read += pieces.length;
    count.cached += cache.read(pieces);
    counts.set(role, count);
  }
  const share = (each: Iterable<{ read: number; cached: number }>) => {
    const list = [...each];
    const sum = (of: 'read' | 'cached') => list.reduce((total, count) => total + count[of], 0);
    return sum('cached') / sum('read');
  };
  return {
    all: share(counts.values()),
    byRole: Object.fromEntries([...counts].map(([role, count]) => [role, share([count])])),
  };
}

const rows = [];
const rounds = [];
for (const [what, play] of Object.entries({ builder: builderCalls, evaluator: evaluatorCalls })) {
  for (const live of LIVE.filter((count) => !quick || count <= CONVERSATIONS)) {
    const sent = await play(live);
    for (const memory of [Number.POSITIVE_INFINITY, MEMORY]) {
      const shares = hitShares(sent, memory);
      const room = memory === MEMORY ? '400k tokens' : 'unlimited';
      // More conversations at the same time than fit into the memory lose their prefixes in any layout.
      const bound = memory !== MEMORY || live === LIVE[0] ? { atLeast: TARGET } : {};
      rows.push(judged('prefix', `${what}, ${live} live, ${room}`, [shares.all], { ...bound, digits: 3 }));
      rounds.push({ what, live, room, calls: sent.length, ...shares });
      if (live === LIVE[0]) {
        for (const [role, share] of Object.entries(shares.byRole)) {
          rows.push(judged('prefix', `${what}, ${live} live, ${room}: ${role}`, [share], { digits: 3 }));
        }
      }
    }
  }
}
await saveFigure('prefix', { quick, rows, rounds });
