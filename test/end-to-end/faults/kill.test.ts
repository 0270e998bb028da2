import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Random, seededRandom } from '../../../src/internal/random.ts';
import { startTeacher, type Teacher } from './teacher.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/play.ts', import.meta.url));
/** As the program says. */
const CONCURRENCY = 4;
const MOMENTS = process.env.ALOE_HEAVY === '1' ? 200 : 20;
/** Side by side, each with a server and a folder of its own. */
const LANES = 2;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-kill-'));
});
afterAll(() => rm(folder, { recursive: true }));

function start({ baseUrl }: Teacher, dir: string): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', PROGRAM, baseUrl, dir], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function play(teacher: Teacher, dir: string): Promise<ChildProcess> {
  const program = start(teacher, dir);
  await once(program, 'exit');
  return program;
}

/** What the program made for its user. What killed ones had begun to write is gone when one came to its end. */
async function filesOf(dir: string): Promise<Record<string, string>> {
  const data = await readdir(join(dir, 'data'));
  const names = ['conversations.jsonl', ...data.map((name) => join('data', name))];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')])),
  );
}

/** The numbers of the requests whose answers are on disk, as another process reads them. */
function committed(dir: string): Set<number> {
  const path = join(dir, 'run', 'journal.sqlite');
  if (!existsSync(path)) return new Set();
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const exists = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'calls'").get() !== undefined;
    const rows = exists ? database.prepare('SELECT input_tokens FROM calls').all() : [];
    return new Set(rows.map((row) => Number(row.input_tokens)));
  } finally {
    database.close();
  }
}

/** What an uninterrupted program made. */
interface Whole {
  readonly files: Record<string, string>;
  readonly calls: number;
}

/** Plays once and kills the program at a random moment; says whether it was still alive then. */
async function playAndKill(teacher: Teacher, dir: string, calls: number, random: Random): Promise<boolean> {
  const program = start(teacher, dir);
  const exit = once(program, 'exit');
  const timers: NodeJS.Timeout[] = [];
  const killAfter = (ms: number) => timers.push(setTimeout(() => program.kill('SIGKILL'), ms));
  const before = teacher.asked.length;
  const draw = random();
  if (draw < 0.15) {
    // While it loads, locks, makes the journal or replays.
    killAfter(random() * 600);
  } else if (draw < 0.3) {
    // When it waits for its last answers, or writes its files.
    const delayMs = random() * 40;
    teacher.onRequest = () => {
      if (new Set(teacher.asked).size === calls && timers.length === 0) killAfter(delayMs);
    };
  } else {
    const request = before + 1 + Math.floor(random() * 12);
    const delayMs = random() * 8;
    teacher.onRequest = (count) => {
      if (count === request) killAfter(delayMs);
    };
  }
  await exit;
  teacher.onRequest = () => {};
  for (const timer of timers) clearTimeout(timer);
  if (program.signalCode === null) expect(program.exitCode).toBe(0);
  return program.signalCode === 'SIGKILL';
}

interface Outcome {
  kills: number;
  /** Requests that were sent again after their answer was on disk. */
  lost: number;
  /** Requests that were sent more than once. */
  repeats: number;
  /** Requests that were sent, and whose answers were not on disk when the program was killed. */
  inFlight: number;
  mostInFlight: number;
}

/** One program, killed again and again until it ends, on one folder. */
async function survive(
  teacher: Teacher,
  dir: string,
  whole: Whole,
  random: Random,
  outcome: Outcome,
): Promise<void> {
  let onDisk = new Set<number>();
  for (;;) {
    const asked = new Set(teacher.asked);
    const from = teacher.asked.length;
    const spared = outcome.kills === MOMENTS / LANES;
    const killed = !spared && (await playAndKill(teacher, dir, whole.calls, random));
    if (spared) expect((await play(teacher, dir)).exitCode).toBe(0);
    const sent = teacher.asked.slice(from);
    outcome.lost += sent.filter((number) => onDisk.has(number)).length;
    outcome.repeats += sent.filter((number) => asked.has(number)).length;
    onDisk = committed(dir);
    if (!killed) break;
    const inFlight = sent.filter((number) => !onDisk.has(number)).length;
    outcome.inFlight += inFlight;
    outcome.mostInFlight = Math.max(outcome.mostInFlight, inFlight);
    outcome.kills += 1;
  }
  expect(onDisk.size).toBe(whole.calls);
  expect(await filesOf(dir)).toEqual(whole.files);
}

async function playLane(lane: number): Promise<Outcome> {
  const outcome: Outcome = { kills: 0, lost: 0, repeats: 0, inFlight: 0, mostInFlight: 0 };
  const random = seededRandom(lane);
  const teacher = await startTeacher();
  try {
    const dir = join(folder, `lane-${lane}-whole`);
    expect((await play(teacher, dir)).exitCode).toBe(0);
    const whole: Whole = { files: await filesOf(dir), calls: teacher.asked.length };
    for (let round = 1; outcome.kills < MOMENTS / LANES; round++) {
      teacher.asked.length = 0;
      await survive(teacher, join(folder, `lane-${lane}-${round}`), whole, random, outcome);
    }
    return outcome;
  } finally {
    await teacher.close();
  }
}

test(
  `a program that is killed at ${MOMENTS} random moments asks nothing again that was answered, and writes the same bytes`,
  async () => {
    const outcomes = await Promise.all(Array.from({ length: LANES }, (_, lane) => playLane(lane)));
    const sum = (pick: (outcome: Outcome) => number) =>
      outcomes.reduce((total, each) => total + pick(each), 0);
    const kills = sum((outcome) => outcome.kills);
    const lost = sum((outcome) => outcome.lost);
    const repeats = sum((outcome) => outcome.repeats);
    const inFlight = sum((outcome) => outcome.inFlight);
    const mostInFlight = Math.max(...outcomes.map((outcome) => outcome.mostInFlight));
    console.log(
      `${kills} kills, ${lost} lost; ${inFlight} in flight, at most ${mostInFlight} at once; ${repeats} sent again`,
    );
    expect(kills).toBe(MOMENTS);
    expect(lost).toBe(0);
    expect(repeats).toBeLessThanOrEqual(inFlight);
    expect(mostInFlight).toBeLessThanOrEqual(CONCURRENCY);
  },
  MOMENTS * 6_000,
);
