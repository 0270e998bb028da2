/**
 * "resume": a program that resumes over a journal of 100,000 calls. Run with `node bench/resume.ts [--rounds 5] [--calls 100000]`.
 * Two programs: one whose first call is new, and one that replays all journaled calls before its first new one.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ChatModel } from '../src/models/chat-model.ts';
import { openRun, type Run } from '../src/runs/run.ts';
import { describeMachine } from './measure.ts';

const CALLS_A_CONVERSATION = 40;
const LIVE = 8;
const REPLY = 'All work and no play makes a long reply. '.repeat(32);
const PERSONA = 'Keeps eleven hives behind the barn and grumbles before agreeing. '.repeat(16);

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '100000' },
    /** Internal: runs one program in this run directory. */
    dir: { type: 'string' },
    program: { type: 'string', default: 'new' },
  },
});
const rounds = Number(values.rounds);
const calls = Number(values.calls);

interface Outcome {
  readonly program: string;
  /** From the start of `openRun`, in milliseconds. */
  readonly openedMs: number;
  readonly firstNewCallMs: number;
  readonly rssMb: number;
}

/** The calls of a conversation, one after another, as a run's builder would ask for them. */
async function converse(run: Run, model: ChatModel, conversation: number): Promise<void> {
  const wrapped = run.model(model);
  let transcript = '';
  for (let turn = 1; turn <= CALLS_A_CONVERSATION; turn++) {
    const place = { task: 'bench', subject: `conversation-${conversation}`, turn, role: 'speaker' };
    const messages = [
      { role: 'system' as const, content: `${conversation} ${PERSONA}` },
      // Ten turns of four calls: the text grows by a quarter of a turn with each call.
      { role: 'user' as const, content: `${transcript}${turn}` },
    ];
    const { text } = await wrapped.generate(
      { messages, temperature: 0.7, seed: run.seedFor(place) },
      { place },
    );
    if (turn % 4 === 0) transcript += text.slice(0, 600);
  }
}

async function converseAll(run: Run, model: ChatModel, from: number, to: number): Promise<void> {
  let next = from;
  const work = async () => {
    while (next < to) await converse(run, model, next++);
  };
  await Promise.all(Array.from({ length: LIVE }, work));
}

async function playProgram(dir: string): Promise<Outcome> {
  const start = performance.now();
  let firstNewCallMs = 0;
  const model: ChatModel = {
    id: 'bench',
    async generate() {
      if (firstNewCallMs === 0) firstNewCallMs = performance.now() - start;
      throw new Error('enough');
    },
  };
  const run = await openRun(dir);
  const openedMs = performance.now() - start;
  const conversations = calls / CALLS_A_CONVERSATION;
  const from = values.program === 'new' ? conversations : 0;
  await converseAll(run, model, from, conversations + 1).catch(() => {});
  const rssMb = process.resourceUsage().maxRSS / 1_024;
  await run.close();
  return { program: values.program, openedMs, firstNewCallMs, rssMb };
}

if (values.dir !== undefined) {
  process.send!(await playProgram(values.dir));
  process.disconnect();
} else {
  await compare();
}

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aloe-bench-resume-'));
  const dir = join(folder, 'run');
  const results: Outcome[] = [];
  let journalMb: number;
  try {
    const run = await openRun(dir);
    const teacher: ChatModel = {
      id: 'bench',
      generate: async () => ({
        text: REPLY,
        finishReason: 'stop',
        usage: { inputTokens: 1_000, cachedInputTokens: 800, outputTokens: 320 },
      }),
    };
    await Promise.all(
      Array.from({ length: 50 }, (_, part) => {
        const size = calls / CALLS_A_CONVERSATION / 50;
        return converseAll(run, teacher, Math.round(part * size), Math.round((part + 1) * size));
      }),
    );
    await run.close();
    journalMb = (await stat(join(dir, 'journal.sqlite'))).size / 2 ** 20;
    for (let round = 0; round < rounds; round++) {
      for (const program of ['new', 'replay']) {
        const path = fileURLToPath(import.meta.url);
        const child = fork(path, ['--dir', dir, '--program', program, '--calls', String(calls)]);
        const ended = once(child, 'exit');
        const [outcome] = (await Promise.race([
          once(child, 'message'),
          ended.then(() => Promise.reject(new Error(`${program} ended without an outcome.`))),
        ])) as [Outcome];
        await ended;
        results.push(outcome);
        console.error(JSON.stringify(outcome));
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }

  const spread = (program: string, pick: (outcome: Outcome) => number) => {
    const sorted = results
      .filter((outcome) => outcome.program === program)
      .map(pick)
      .toSorted((a, b) => a - b);
    const shown = [sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!].map(Math.round);
    return `${shown[0]} (${shown[1]} to ${shown[2]})`;
  };
  console.log(
    `a journal of ${calls} calls, ${Math.round(journalMb)} MB, medians of ${rounds} rounds; targets: 3,000 ms, 400 MB`,
  );
  console.table(
    [
      ['new', 'its first call is new'],
      ['replay', 'it replays all first'],
    ].map(([program, meaning]) => ({
      program: meaning,
      'opened, ms': spread(program!, ({ openedMs }) => openedMs),
      'first new call, ms': spread(program!, ({ firstNewCallMs }) => firstNewCallMs),
      'RSS, MB': spread(program!, ({ rssMb }) => rssMb),
    })),
  );

  const output = new URL('./results/', import.meta.url);
  await mkdir(output, { recursive: true });
  const machine = describeMachine();
  await writeFile(
    new URL('resume.json', output),
    `${JSON.stringify({ figure: 'resume', calls, journalMb, machine, rounds: results }, null, 2)}\n`,
  );
}
