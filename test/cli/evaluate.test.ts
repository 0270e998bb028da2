import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEvaluation } from '../../src/evaluation/evaluation-file.ts';
import type { ChatServer } from '../models/chat-server.ts';
import { makeReadOnly } from '../runs/make-read-only.ts';
import { complaints, type Finished, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

describe('aloe evaluate', { timeout: 300_000 }, () => {
  let folder: string;
  let server: ChatServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-evaluate-'));
    server = await startTeacherServer();
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const evaluate = (
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Finished> =>
    runAloe(
      [
        'evaluate',
        '--model',
        'org/tuned',
        '--base-url',
        server.baseUrl,
        '--run',
        join(folder, 'run'),
        ...words,
      ],
      { env: { OPENAI_API_KEY: 'sk-canary-5d41402abc4b2a76b9719d91', ...env } },
    );
  const users = () => ['--user-model', 'tiny', '--user-base-url', server.baseUrl];
  const SMALL = ['--cases', '2', '--turns', '2'];

  test('evaluates a model with users and judge of another, and replays finished calls', async () => {
    const first = await evaluate([...users(), ...SMALL, '--name', 'tuned']);
    expect(first.code).toBe(0);
    expect(complaints(first)).toEqual([]);
    const { candidate, levels, lock } = await readEvaluation(join(folder, 'run/results/tuned.json'));
    expect(candidate.name).toBe('tuned');
    expect(levels.map(({ scored }) => scored)).toEqual([2, 2]);
    expect(lock.judge.id).toMatch(/^holistic:/);
    expect(lock.user).toMatchObject({ prompt: { name: 'role-player@3' }, maxOutputTokens: 300 });
    expect(first.stdout).toContain('| tuned |');
    const second = await evaluate([
      ...users(),
      ...SMALL,
      '--name',
      'tuned',
      '--same-model',
      '--same-user-model',
    ]);
    expect(second.stderr).toContain('\n0 model calls (');
    expect(second.stderr).toMatch(/^Estimate: all \d+ calls are stored\. Nothing to buy\.$/m);
  });

  test('does not write a result over a file of the run, or of a name in another script', async () => {
    const calls = server.seen.length;
    const words = [...users(), '--user-revision', 'r1', '--revision', 'r1', ...SMALL];
    const names = join(folder, 'names');
    words.push('--run', names);
    for (const file of ['run.json', 'Run.Holder.json', 'journal.sqlite']) {
      const refused = await evaluate([...words, '--out', join(names, file)]);
      expect(refused.stderr).toContain(`"out": expected another one, since the run needs ${names}`);
      expect(refused.code).toBe(2);
    }
    expect(server.seen.length).toBe(calls);
    for (const name of ['模型', '对照', 'run']) {
      expect(await evaluate([...words, '--name', name])).toMatchObject({ code: 0 });
      expect((await readEvaluation(join(names, 'results', `${name}.json`))).candidate.name).toBe(name);
    }
  });

  test('stops before calls are bought again, names them, and goes on if that is meant', async () => {
    const words = [...SMALL, '--name', 'tuned', '--same-model', '--user-model', 'other'];
    const server2 = ['--user-base-url', server.baseUrl];
    const calls = server.seen.length;
    const stopped = await evaluate([...words, ...server2, '--max-rebought', '3']);
    expect(stopped.code).toBe(2);
    expect(stopped.stderr).toMatch(/^Estimate: .*\d+ to buy \((all|\d+ of them) again\)/m);
    expect(stopped.stderr).toMatch(
      /holds other answers for \d+ calls that would be bought again: .*user, \d+ calls of "other" in place of "tiny".*add --max-rebought \d+/,
    );
    expect(server.seen.length).toBe(calls);
    const meant = await evaluate([...words, ...server2, '--max-rebought', '100']);
    expect(meant.code).toBe(0);
    expect(server.seen.length).toBeGreaterThan(calls);
  });

  test('replays a run in a directory that cannot be written to', async (context) => {
    const words = ['--model', 'sealed', ...users(), '--user-revision', 'r1', '--revision', 'r1', ...SMALL];
    const sealed = join(folder, 'sealed');
    const first = await evaluate([...words, '--run', sealed]);
    expect(first.code).toBe(0);
    const undo = makeReadOnly(sealed);
    if (undo === null) return context.skip();
    try {
      const calls = server.seen.length;
      const out = join(folder, 'again.json');
      const again = await evaluate([...words, '--run', sealed, '--out', out]);
      expect(again.code).toBe(0);
      expect(again.stderr).toContain(
        'cannot be written to. Stored calls are replayed, and no new ones are made.',
      );
      expect(await readEvaluation(out)).toEqual(await readEvaluation(join(sealed, 'results/sealed-r1.json')));
      const more = await evaluate([...words, '--run', sealed, '--out', out, '--cases', '3']);
      expect(more.code).toBe(1);
      expect(more.stderr).toMatch(/read-only and holds no answer of "tiny@r1" .*copy the directory/);
      expect(server.seen.length).toBe(calls);
    } finally {
      undo();
    }
  });

  test('does not take the answers of a model for those of the next one under its name', async () => {
    const calls = server.seen.length;
    const words = [...users(), '--user-revision', 'r1', ...SMALL];
    const retrained = await evaluate(words);
    expect(retrained.code).toBe(2);
    expect(retrained.stderr).toMatch(/answers of "org\/tuned", and .* may serve other weights/);
    expect(retrained.stderr).toMatch(
      /If the weights are the same, add --same-model to replay them\. If not, add --revision NAME: its calls are made anew/,
    );
    const refused = await evaluate([
      ...SMALL,
      '--same-model',
      '--user-model',
      'tiny',
      '--user-base-url',
      server.baseUrl,
    ]);
    expect(refused.stderr).toMatch(
      /answers of "tiny".*add --same-user-model to replay them\. If not, add --user-revision NAME/,
    );
    expect(server.seen.length).toBe(calls);

    const revised = await evaluate([...words, '--revision', 'r2']);
    expect(revised.code).toBe(0);
    expect(revised.stdout).toContain('| org/tuned@r2 |');
    expect(server.seen.slice(calls).filter(({ body }) => body.model === 'org/tuned')).toHaveLength(4);
  });

  test('knows a model by its weights if it is served from a directory of this machine', async () => {
    const weights = join(folder, 'tuned');
    const train = async (content: string) => {
      await mkdir(weights, { recursive: true });
      await writeFile(join(weights, 'model.safetensors'), content);
      await writeFile(join(weights, 'config.json'), '{}');
    };
    const words = [...users(), '--user-revision', 'r1', ...SMALL, '--model', weights];
    await train('first');
    const first = await evaluate(words);
    expect(first.code).toBe(0);
    const calls = server.seen.length;
    expect((await evaluate(words)).stderr).toContain('\n0 model calls (');
    await train('second');
    await evaluate(words);
    expect(server.seen.slice(calls).filter(({ body }) => body.model === weights)).toHaveLength(4);
  });

  test('needs no judge model with --judge rules', async () => {
    const { code } = await evaluate([
      ...users(),
      ...SMALL,
      ...['--judge', 'rules', '--name', 'by rules', '--same-model', '--same-user-model'],
    ]);
    expect(code).toBe(0);
    const { lock } = await readEvaluation(join(folder, 'run/results/by-rules.json'));
    expect(lock.judge.id).toMatch(/^rule@/);
  });

  test('has users and judge of different models on different servers, each with its own key', async () => {
    const judging = await startTeacherServer();
    try {
      const calls = server.seen.length;
      const words = [
        ...users(),
        ...['--judge-model', 'strict', '--judge-base-url', judging.baseUrl, '--judge-key-env', 'JUDGE_KEY'],
        ...[...SMALL, '--costs', '--name', 'apart', '--run', join(folder, 'apart')],
      ];
      const env = { JUDGE_KEY: 'sk-canary-of-the-judge-0123456789' };
      const first = await evaluate(words, env);
      expect(first.code).toBe(0);
      expect(first.stderr + first.stdout).not.toContain(env.JUDGE_KEY);
      const { lock, served, costJudge } = await readEvaluation(join(folder, 'apart/results/apart.json'));
      expect(lock.judge.id).toMatch(/^holistic:.*:strict$/);
      expect(lock.user.model).toBe('tiny');
      expect(costJudge?.model).toBe('strict');
      expect(served?.judge?.map(({ id }) => id)).toEqual(['strict']);
      const seen = server.seen.slice(calls);
      expect(new Set(seen.map(({ body }) => body.model))).toEqual(new Set(['tiny', 'org/tuned']));
      expect(new Set(judging.seen.map(({ body }) => body.model))).toEqual(new Set(['strict']));
      expect(judging.seen.length).toBeGreaterThan(0);
      const keys = (requests: typeof seen) => [
        ...new Set(requests.map(({ headers }) => headers.authorization)),
      ];
      expect(keys(judging.seen.slice())).toEqual([`Bearer ${env.JUDGE_KEY}`]);
      expect(keys(seen)).not.toContain(`Bearer ${env.JUDGE_KEY}`);

      const asked = await evaluate([...words, '--same-model', '--same-user-model'], env);
      expect(asked.code).toBe(2);
      expect(asked.stderr).toMatch(
        /answers of "strict".*add --same-judge-model to replay them\. If not, add --judge-revision NAME/,
      );
      const again = await evaluate(
        [...words, '--same-model', '--same-user-model', '--same-judge-model'],
        env,
      );
      expect(again.stderr).toContain('\n0 model calls (');
    } finally {
      await judging.close();
    }
  });

  test.each([
    ['a base URL without a model', ['--judge-base-url', 'http://localhost:1/v1'], '"judge-model"'],
    ['a key without a model', ['--user-key-env', 'HOME'], '"user-model"'],
    ['a key that is not set', ['--judge-model', 'm', '--judge-key-env', 'NOT_SET'], '"judge-key-env"'],
    ['a judge model beside rules', ['--judge', 'rules', '--judge-model', 'm'], '"judge-model"'],
  ])('refuses %s', async (_what, words, option) => {
    const { code, stderr } = await evaluate(words);
    expect(code).toBe(2);
    expect(stderr).toContain(`Option ${option}`);
  });

  test("judges by aspects, or by the paper's rubric with --rubric paper", async () => {
    const words = [...users(), ...SMALL, '--same-model', '--same-user-model'];
    const plain = await evaluate([...words, '--name', 'by aspects']);
    expect(plain.stdout).toContain('Sub-scores, means of 4 verdicts: tone ');
    const paper = await evaluate([...words, '--name', 'by the paper', '--rubric', 'paper']);
    expect(paper.stdout).not.toContain('Sub-scores');
    const { lock } = await readEvaluation(join(folder, 'run/results/by-the-paper.json'));
    expect(lock.judge.prompts.map(({ name }) => name)).toEqual(['judge@2']);
  });

  test('judges for another persona unless told not to, and asks probes if told to', async () => {
    const words = [...users(), ...SMALL, '--same-model', '--same-user-model'];
    const plain = await evaluate([...words, '--name', 'plain']);
    expect(plain.stdout).toContain('plain: Own minus other:');
    expect(plain.stdout).toContain('| Agrees with a false claim | rules | not measured |');
    const bare = await evaluate([...words, '--name', 'alone', '--other-persona', 'none', '--costs']);
    expect(bare.stdout).toContain('| not measured |');
    const alone = await readEvaluation(join(folder, 'run/results/alone.json'));
    expect(alone).toMatchObject({ otherPersona: null, costJudge: { model: 'tiny' } });
    expect(alone.cases.map(({ costs }) => costs?.probes.length)).toEqual([2, 2]);
    const read = await readEvaluation(join(folder, 'run/results/plain.json'));
    expect(read.otherPersona).toBe('any');
    expect(read.ownMinusOther!.cases).toBe(2);
  });

  test('gives users tasks, situations and habits if told to, and says what came of them', async () => {
    const flags = ['--tasks', '--situations', '--human'];
    const words = [...users(), ...flags, '--cases', '4', '--turns', '2', '--name', 'human'];
    const { code, stdout } = await evaluate([...words, '--same-model', '--same-user-model']);
    expect(code).toBe(0);
    const { cases, situations, habits, habitCheck } = await readEvaluation(
      join(folder, 'run/results/human.json'),
    );
    for (const { task, situations: own } of cases) {
      expect(task).toMatch(/^wants /);
      expect(own![0]!.turn).toBe(1);
      expect(own!.length).toBeLessThanOrEqual(2);
    }
    expect(stdout).toContain(`| ${situations!.levels[0]!.name} |`);
    expect(stdout).toContain(`| ${habits![0]!.name} |`);
    expect(habitCheck!.model).toBe('tiny');
    const asked = habits!.filter(({ name }) => name !== 'typos');
    for (const { seen } of asked) expect(seen!.with.of + seen!.without.of).toBe(4);
  });

  test('steers the users if asked to, and records it', async () => {
    const words = [
      ...users(),
      '--cases',
      '1',
      '--turns',
      '1',
      '--user-prompt',
      'steered',
      '--name',
      'steered',
    ];
    const { code, stderr } = await evaluate([...words, '--run', join(folder, 'steered')]);
    expect(stderr).not.toContain('Error');
    expect(code).toBe(0);
    const { lock } = await readEvaluation(join(folder, 'steered/results/steered.json'));
    expect(lock.user).toMatchObject({ prompt: { name: 'role-player-steered@1' }, maxOutputTokens: 80 });
    expect(server.seen.some(({ body }) => JSON.stringify(body).includes('Write about this: '))).toBe(true);
  });

  test('plays each case as often as --repeats says, and buys only the new ones', async () => {
    const words = [...users(), ...SMALL, '--same-model', '--same-user-model', '--name', 'again'];
    await evaluate(words);
    const { stdout, stderr } = await evaluate([...words, '--repeats', '2']);
    expect(stdout).toContain('2 cases x 2 repeats, ');
    expect(stderr).toMatch(/Estimate: \d+ calls stored, \d+ to buy, /);
    const { cases, lock } = await readEvaluation(join(folder, 'run/results/again.json'));
    expect(lock.repeats).toBe(2);
    expect(cases.map(({ repeat }) => repeat)).toEqual([1, 2, 1, 2]);
    expect((await evaluate(['--repeats', '0'])).stderr).toContain('Option "repeats"');
  });

  test('rejects a wrong option before any model call', async () => {
    const { code, stderr } = await evaluate(['--judge', 'dice']);
    expect(code).toBe(2);
    expect(stderr).toContain('Option "judge"');
    expect((await evaluate(['--rubric', 'mine'])).stderr).toContain('Option "rubric"');
    expect((await evaluate(['--rubric', 'paper', '--judge', 'rules'])).stderr).toContain('Option "rubric"');
    expect((await evaluate(['--other-persona', 'some'])).stderr).toContain('Option "other-persona"');
  });
});
