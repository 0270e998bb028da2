import { once } from 'node:events';
import { argv, env } from 'node:process';
import { benchPersonas } from '../../../bench/conversation/personas.ts';
import { readConversations, saveConversations } from '../../../src/conversations/conversation-files.ts';
import { ConversationTreeBuilder } from '../../../src/conversations/conversation-tree-builder.ts';
import { AloeEvaluator } from '../../../src/evaluation/aloe-evaluator.ts';
import { saveEvaluation } from '../../../src/evaluation/evaluation-file.ts';
import { openaiCompatible } from '../../../src/models/openai-compatible.ts';
import { openRun } from '../../../src/runs/run.ts';
import { verifyPairs } from '../../../src/verification/verify-pairs.ts';

/** What a worker is to do. */
export interface WorkerTask {
  /** Directory or URL of the run. */
  readonly run: string;
  readonly baseUrl: string;
  /** Sent as the key, by which the server tells workers apart. */
  readonly name: string;
  /** Where it writes its files, without their endings. */
  readonly out: string;
  readonly conversations: number;
  readonly cases: number;
  readonly turns: number;
  /** A file of conversations whose pairs it is to verify. */
  readonly unverified?: string | undefined;
  readonly concurrency: number;
  readonly budgetTokens?: number | undefined;
  /** Whether to wait, with the run open, until the parent process says so. */
  readonly isHeld?: boolean | undefined;
}

const { run: place, baseUrl, name, out, ...work }: WorkerTask = JSON.parse(argv[2]!);
const run = await openRun(place, {
  seed: 7,
  concurrency: work.concurrency,
  budget: { tokens: work.budgetTokens },
  sameModel: true,
  onEvent: (event) => {
    if (env.SHOW_EVENTS === '1') console.error(name, event.type);
  },
});
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('interrupted')));
const { signal } = stop;
const model = openaiCompatible('teacher', { baseUrl, apiKey: name });
const common = { run, turns: work.turns, concurrency: work.concurrency };
if (work.isHeld) {
  const go = once(process, 'message');
  process.send?.('ready');
  await go;
}
if (process.connected) process.disconnect();
try {
  if (work.conversations > 0) {
    const builder = new ConversationTreeBuilder({ ...common, roles: model, order: 'input' });
    const trees = builder.build(benchPersonas(work.conversations), { signal });
    await saveConversations(trees, `${out}.jsonl`);
  }
  if (work.unverified !== undefined) {
    const { concurrency } = work;
    const options = { run, judge: model, concurrency, order: 'input', signal } as const;
    const trees = verifyPairs(readConversations(work.unverified), options);
    await saveConversations(trees, `${out}.verified.jsonl`);
  }
  if (work.cases > 0) {
    const cases = benchPersonas(work.cases).map((persona) => ({ id: persona.id, persona }));
    const evaluator = new AloeEvaluator({ ...common, user: model, judge: model, cases });
    await saveEvaluation(await evaluator.evaluate(model, { signal }), `${out}.evaluation.json`);
  }
  console.log(JSON.stringify(run.stats()));
} finally {
  await run.close();
}
