import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConversations } from '../../src/conversations/conversation-files.ts';
import { readEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';
import { type Answer, type ChatServer, completion, send } from '../models/chat-server.ts';
import { makeReadOnly } from '../runs/make-read-only.ts';
import { complaints, type Finished, type ProgramOptions, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

const KEY = 'sk-canary-5d41402abc4b2a76b9719d91';
const OPENAI_KEY = 'sk-canary-of-openai-0123456789abcdef';
const SMALL = ['--profiles', '2', '--personas', '2', '--turns', '3', '--cases', '1'];

describe('aloe quickstart on a server', { timeout: 300_000 }, () => {
  let folder: string;
  let server: ChatServer;
  let answer: Answer;
  let whole: Finished;

  const quickstart = (out: string, options: ProgramOptions = {}, more: readonly string[] = []) => {
    const words = ['quickstart', '--model', 'tiny', '--base-url', server.baseUrl, '--key-env', 'TEACHER_KEY'];
    return runAloe([...words, '--out', join(folder, out), ...SMALL, ...more], {
      ...options,
      env: { TEACHER_KEY: KEY, OPENAI_API_KEY: OPENAI_KEY, ...options.env },
    });
  };

  beforeAll(async () => {
    await pullWeights({ sets: ['all-minilm-l6-v2'] });
    folder = await mkdtemp(join(tmpdir(), 'aloe-quickstart-'));
    server = await startTeacherServer();
    answer = server.answer;
    whole = await quickstart('whole');
  }, 300_000);
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    server.answer = answer;
  });

  test('writes personas, conversations, training files and evaluations that their readers accept', async () => {
    expect(whole.code).toBe(0);
    expect(complaints(whole)).toEqual([]);
    const out = join(folder, 'whole');
    const pool = await PersonaPool.read(join(out, 'personas.json'));
    expect(pool.size.profiles).toBe(22);
    const trees = await Array.fromAsync(readConversations(join(out, 'conversations.jsonl')));
    expect(trees.map(({ failures }) => failures)).toEqual([[], []]);
    const sft = (await readFile(join(out, 'data/trl-sft.train.jsonl'), 'utf8')).trim().split('\n');
    expect(sft).toHaveLength(6);
    const told = await readEvaluation(join(out, 'results/told-the-persona.json'));
    expect(told.levels.map(({ scored }) => scored)).toEqual([1, 1, 1]);
    const report = await readFile(join(out, 'report.md'), 'utf8');
    expect(whole.stdout).toContain(report);
    expect(report).toMatch(/^\| told the persona \|/m);
    expect(report).toContain('One preference pair:');
    const page = join(out, 'report.html');
    expect(whole.stdout).toContain(`Report (open it in a browser): ${page}`);
    expect(await readFile(page, 'utf8')).toContain('id="conversations"');
    expect(whole.stdout).toContain(out);
  });

  test('a second run makes no calls and writes the same files', async () => {
    const before = await filesOf(join(folder, 'whole'));
    const calls = server.seen.length;
    const again = await quickstart('whole', {}, ['--same-model']);
    expect(again.code).toBe(0);
    expect(server.seen.length).toBe(calls);
    const answers = callsMade(whole) + callsReplayed(whole);
    expect(again.stderr).toContain(`0 model calls (${answers} from cache)`);
    expect(again.stderr).toContain(`Estimate: all ${callsMade(whole)} calls are stored. Nothing to buy.`);
    expect(await filesOf(join(folder, 'whole'))).toEqual(before);
  });

  test('--json prints one document with paths, levels and cost', async () => {
    const { code, stdout } = await quickstart('whole', {}, ['--same-model', '--json']);
    expect(code).toBe(0);
    const out = join(folder, 'whole');
    const { report, files, data, conversations, evaluations, cost } = JSON.parse(stdout);
    expect([report, files]).toEqual([join(out, 'report.html'), out]);
    expect(data).toContainEqual({ path: join(out, 'data', 'trl-sft.train.jsonl'), rows: 6 });
    expect(conversations).toEqual({ count: 2, failed: 0 });
    const told = await readEvaluation(join(out, 'results/told-the-persona.json'));
    expect(evaluations[1]).toMatchObject({ name: 'told the persona', average: told.average });
    expect(cost).toMatchObject({ calls: 0, cached: callsMade(whole) + callsReplayed(whole) });
  });

  test('a conversation that breaks off gives status 1, and all files', async () => {
    let messages = 0;
    server.answer = (body, response, request) => {
      if (body.model === 'person' && ++messages > 2) send(response, completion(''));
      else answer(body, response, request);
    };
    const { code, stderr } = await quickstart('broken', {}, [
      ...['--profiles', '0', '--user-model', 'person', '--user-base-url', server.baseUrl],
      ...['--user-key-env', 'TEACHER_KEY'],
    ]);
    expect(stderr).toMatch(/Failed at turn \d \(role-player\)/);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Some conversations, cases or judgements failed \(see above\), so the exit status is 1\.$/m,
    );
    expect(await filesOf(join(folder, 'broken'))).toHaveProperty(['report.md']);
  });

  test('a run that cannot be written to is replayed, and the same files are written elsewhere', async (context) => {
    const calls = server.seen.length;
    const out = join(folder, 'whole');
    const undo = makeReadOnly(out);
    if (undo === null) return context.skip();
    try {
      const again = await quickstart('whole', {}, ['--same-model']);
      expect(again.code).toBe(0);
      expect(again.stderr).toContain(`${out} cannot be written to.`);
      const [, elsewhere = ''] = /^All files are in (.+?)\. Run/m.exec(again.stderr) ?? [];
      expect(elsewhere).not.toBe(out);
      for (const name of ['conversations.jsonl', 'personas.json', 'results/told-the-persona.json']) {
        expect(await readFile(join(elsewhere, name), 'utf8')).toBe(await readFile(join(out, name), 'utf8'));
      }
      await rm(elsewhere, { recursive: true });
      expect(server.seen.length).toBe(calls);
    } finally {
      undo();
    }
  });

  test.each([
    ['growing personas', 2, { made: 'run.json', missing: 'personas.json' }],
    ['playing conversations', 10, { made: 'personas.json', missing: 'conversations.jsonl' }],
    ['evaluating', 40, { made: 'conversations.jsonl', missing: 'results/told-the-persona.json' }],
  ])(
    'Ctrl-C while %s leaves with 130, and the same command then ends as if nothing had been',
    async (stage, at, { made, missing }) => {
      const out = stage.replaceAll(' ', '-');
      const before = server.seen.length;
      const interrupted = await quickstart(out, {
        onStart(program) {
          server.answer = async (body, response, request) => {
            if (server.seen.length === before + at) program.interrupt();
            if (server.seen.length >= before + at) await program.said('Stopping');
            answer(body, response, request);
          };
        },
      });
      expect(interrupted.code).toBe(130);
      expect(interrupted.stderr).toContain(
        `Run the same command again with --same-model to resume (${join(folder, out)})`,
      );
      expect(interrupted.stderr).not.toContain('Error');
      const left = await readdir(join(folder, out), { recursive: true });
      expect(left).toContain(made);
      expect(left).not.toContain(missing);

      server.answer = answer;
      const resumed = await quickstart(out, {}, ['--same-model']);
      expect(resumed.code).toBe(0);
      expect(callsReplayed(resumed)).toBeGreaterThanOrEqual(at);
      // Calls under way were let finish, so none is paid for twice.
      expect(server.seen.length - before).toBe(callsMade(whole));
      expect(await filesOf(join(folder, out))).toEqual(await filesOf(join(folder, 'whole')));
    },
  );

  test('a second Ctrl-C does not wait for calls in flight, and no finished call is lost', async () => {
    const before = server.seen.length;
    const interrupted = await quickstart('impatient', {
      onStart(program) {
        server.answer = async (body, response, request) => {
          if (server.seen.length < before + 20) answer(body, response, request);
          if (server.seen.length !== before + 20) return;
          program.interrupt();
          await program.said('Stopping');
          program.interrupt();
        };
      },
    });
    expect(interrupted.code).toBe(130);
    server.answer = answer;
    const resumed = await quickstart('impatient', {}, ['--same-model']);
    expect(callsMade(resumed) + callsReplayed(resumed)).toBe(callsMade(whole) + callsReplayed(whole));
    expect(callsReplayed(resumed)).toBeGreaterThan(0);
    expect(await filesOf(join(folder, 'impatient'))).toEqual(await filesOf(join(folder, 'whole')));
  });

  test('with no profiles to grow it uses the seeds alone', async () => {
    const { code, stderr } = await quickstart('seeds', {}, ['--profiles', '0']);
    expect(code).toBe(0);
    expect(stderr).toContain('20 profiles');
  });

  test('has models of their own play the users and judge', async () => {
    const calls = server.seen.length;
    const words = ['--profiles', '0', '--user-model', 'person', '--user-base-url', server.baseUrl];
    const judging = ['--judge-model', 'strict', '--judge-base-url', server.baseUrl];
    const keys = ['--user-key-env', 'TEACHER_KEY', '--judge-key-env', 'TEACHER_KEY'];
    const { code, stderr } = await quickstart('apart', {}, [...words, ...judging, ...keys]);
    expect(code).toBe(0);
    expect(stderr).toContain('language model tiny\n  users person\n  judge strict\n');
    expect(stderr).toContain('with --same-model --same-user-model --same-judge-model to replay it');
    const told = await readEvaluation(join(folder, 'apart', 'results/told-the-persona.json'));
    expect(told.lock).toMatchObject({ user: { model: 'person' } });
    expect(told.lock.judge.id).toMatch(/:strict$/);
    expect(told.candidate.model).toBe('tiny');
    const [tree] = await Array.fromAsync(readConversations(join(folder, 'apart', 'conversations.jsonl')));
    expect(tree?.provenance.models).toMatchObject({ rolePlayer: 'person', preferred: 'tiny' });
    expect(new Set(server.seen.slice(calls).map(({ body }) => body.model))).toEqual(
      new Set(['tiny', 'person', 'strict']),
    );
  });

  test('refuses a dollar budget for several models, of which only one has a price', async () => {
    const money = ['--price-input', '1', '--price-output', '2', '--budget-usd', '1'];
    const judging = ['--judge-model', 'strict', '--judge-base-url', server.baseUrl];
    const calls = server.seen.length;
    const { code, stderr } = await quickstart('priced', {}, [...money, ...judging]);
    expect(code).toBe(2);
    expect(stderr).toContain('Option "budget-usd"');
    expect(server.seen.length).toBe(calls);
  });

  test('takes key and server from the environment by default', async () => {
    const calls = server.seen.length;
    const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.baseUrl };
    const { code } = await runAloe(['quickstart', '--out', join(folder, 'environment'), ...SMALL], { env });
    expect(code).toBe(0);
    const first = server.seen[calls];
    expect(first?.body.model).toBe('gpt-4o-mini');
    expect(first?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test('shows estimate and cost, and stops at a budget without losing paid calls', async () => {
    const money = ['--profiles', '0', '--price-input', '1000', '--price-output', '2000', '--budget-usd'];
    const before = server.seen.length;
    const stopped = await quickstart('budget', {}, [...money, '3']);
    expect(stopped.code).toBe(4);
    expect(stopped.stderr).toMatch(
      /^Estimate: \d+ model calls, \S+ tokens \(\S+-\S+\), \$\d+\.\d\d \(\$\d+\.\d\d-\$\d+\.\d\d\)\. Cached calls are free\.$/m,
    );
    expect(stopped.stderr).toMatch(
      /^Error: Another call of .* could exceed the budget \(spent so far: .* of \$3\.00\)\..*Raise the budget/m,
    );
    const paid = server.seen.length - before;
    expect(paid).toBeGreaterThan(0);

    const finished = await quickstart('budget', {}, [...money, '100', '--same-model']);
    expect(finished.code).toBe(0);
    // In one process, the second candidate takes its first message from the first.
    expect(callsReplayed(finished)).toBe(paid + callsReplayed(whole));
    const calls = server.seen.length - before;
    expect(callsMade(finished)).toBe(calls - paid);
    // The server's answers say 20 tokens in and 5 out.
    expect(finished.stderr).toContain(`Total cost of the run: $${(calls * 0.03).toFixed(2)}.`);
    expect(finished.stderr).toContain(`(${8 * (calls - paid)} of them cached)`);
  });

  test('a token budget holds too', async () => {
    const { code, stderr } = await quickstart('tokens', {}, ['--profiles', '0', '--budget-tokens', '1500']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/spent so far: .* of 1500 tokens\)/);
  });

  test('an unreachable server is reported with what to check', async () => {
    const gone = await startTeacherServer();
    await gone.close();
    const { code, stderr } = await quickstart('gone', {}, ['--base-url', gone.baseUrl, '--retries', '0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*cannot be reached \(ECONNREFUSED\)\. Check the base URL/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('a refused key is reported at once, and never shown', async () => {
    const calls = server.seen.length;
    server.answer = (_body, response) =>
      send(response, { error: { message: `Incorrect API key: ${KEY}` } }, 401);
    const { code, stdout, stderr } = await quickstart('refused');
    expect(code).toBe(1);
    expect(stderr).toContain('Check the API key');
    expect(stdout + stderr).not.toContain(KEY);
    expect(server.seen.length - calls).toBeLessThanOrEqual(2);
  });

  test('each call carries the key of the server, and none that of OpenAI', () => {
    const keys = new Set(server.seen.map(({ headers }) => headers.authorization));
    expect([...keys]).toEqual([`Bearer ${KEY}`]);
    expect(JSON.stringify(server.seen.map(({ headers }) => headers))).not.toContain(OPENAI_KEY);
  });

  test('the key appears in no output and no file', async () => {
    expect(whole.stdout + whole.stderr).not.toContain(KEY);
    expect(whole.stdout + whole.stderr).not.toContain(OPENAI_KEY);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect(content.includes(KEY), entry.name).toBe(false);
      expect(content.includes(OPENAI_KEY), entry.name).toBe(false);
    }
  });
});

/** Everything a run leaves for people and other programs: all but the journal and the note of who holds the run. */
async function filesOf(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir, { recursive: true }))
    .filter((name) => /(?<!holder)\.(json|jsonl|md)$/.test(name))
    .sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')])),
  );
}

function callsMade({ stderr }: Finished): number {
  return Number(/^(\d+) model calls \(/m.exec(stderr)?.[1]);
}

function callsReplayed({ stderr }: Finished): number {
  return Number(/\((\d+) from cache\)/.exec(stderr)?.[1]);
}
