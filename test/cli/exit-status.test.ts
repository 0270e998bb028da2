import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { readEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { type Answer, type ChatServer, completion, send } from '../models/chat-server.ts';
import { type Finished, type ProgramOptions, runAloe } from './run-program.ts';
import { startTeacherServer, teach } from './teacher-server.ts';

describe('the exit status and the streams of aloe evaluate', { timeout: 300_000 }, () => {
  let folder: string;
  let server: ChatServer;
  let answer: Answer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-status-'));
    server = await startTeacherServer();
    answer = server.answer;
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    server.answer = answer;
  });

  const evaluate = (
    run: string,
    words: readonly string[],
    options: ProgramOptions = {},
  ): Promise<Finished> => {
    const at = ['--base-url', server.baseUrl, '--user-base-url', server.baseUrl];
    const models = ['--model', 'tuned', '--user-model', 'tiny', ...at];
    const sizes = ['--cases', '2', '--turns', '2', '--name', 'tuned'];
    const others = words.includes('--other-persona') ? [] : ['--other-persona', 'none'];
    return runAloe(['evaluate', ...models, ...sizes, ...others, '--run', run, ...words], {
      cwd: folder,
      ...options,
    });
  };

  test('0: done, with the table and the path on stdout, and all else on stderr', async () => {
    const { code, stdout, stderr } = await evaluate('done', ['--fail-under', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\| Model \|/);
    expect(stdout).toMatch(/\nResult: done\/results\/tuned\.json\n$/);
    expect(stderr).toMatch(/^Estimate: /m);
    expect(stderr).toMatch(/^\d+ model calls \(/m);
    expect(stderr).toMatch(/^--fail-under 1 is met: the average level of tuned is \d\.\d+\.$/m);
    expect(stdout).not.toMatch(/Estimate|model calls|--fail-under/);
  });

  test('--json: one document with result, path and cost', async () => {
    const { code, stdout } = await evaluate('done', ['--same-model', '--same-user-model', '--json']);
    expect(code).toBe(0);
    expect(stdout.trimEnd()).not.toContain('\n');
    const { result, evaluation, missing, cost } = JSON.parse(stdout);
    const { cases, ...saved } = await readEvaluation(join(folder, result));
    expect(cases).toHaveLength(2);
    expect(evaluation).toEqual(JSON.parse(JSON.stringify(saved)));
    const others = { asked: 0, responses: 0, reasons: {} };
    expect(missing).toEqual({ responses: 0, cases: 0, reasons: {}, others });
    expect(cost).toMatchObject({ calls: 0, inputTokens: 0, usd: null });
    expect(cost.cached).toBeGreaterThan(0);
  });

  test('1: a response that could not be judged, and the result is written all the same', async () => {
    let verdicts = 0;
    server.answer = (body, response, request) => {
      const isVerdict = JSON.stringify(body.response_format ?? null).includes('"verdict"');
      if (isVerdict && ++verdicts > 1) send(response, completion('I would rather not say.'));
      else answer(body, response, request);
    };
    const { code, stdout, stderr } = await evaluate('failed', ['--fail-under', '5', '--json']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Incomplete: 3 of 4 responses of tuned have no score \(malformed-verdict 3\), so the exit status is 1\.$/m,
    );
    const { result, missing, gate } = JSON.parse(stdout);
    expect(missing.responses).toBe(3);
    expect(gate).toMatchObject({ failUnder: 5, by: 'mean' });
    expect((await readEvaluation(join(folder, result))).levels[0]?.scored).toBe(1);
  });

  test('1: a user that says nothing, and why', async () => {
    server.answer = (body, response) => send(response, completion(body.response_format ? teach(body) : ''));
    const { code, stderr } = await evaluate('mute', []);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Incomplete: 4 of 4 responses of tuned have no score \(not-reached 4\)/m);
    expect(stderr).toMatch(
      /^2 cases ended early\. Case aloe-\d+ ended at turn 1 \(user\): .+ \(problems: empty\)/m,
    );
  });

  test('1: responses that could not be judged for another persona', async () => {
    const facts = aloeCases({ count: 2, seed: 7 }).map(({ persona }) => persona.profile.facts[0]!);
    server.answer = (body, response, request) => {
      const prompt = body.messages.map(({ content }) => content).join('\n');
      const whose = facts.findIndex((fact) => prompt.includes(fact));
      const isVerdict = JSON.stringify(body.response_format ?? null).includes('"verdict"');
      // The first user calls the bus 1001, the second 1002.
      if (isVerdict && !prompt.includes(`bus 100${whose + 1}`)) send(response, completion('No.'));
      else if (body.response_format === undefined && whose >= 0)
        send(response, completion(`${teach(body)} And so was bus 100${whose + 1}.`));
      else answer(body, response, request);
    };
    const { code, stdout, stderr } = await evaluate('others', ['--other-persona', 'any', '--json']);
    expect(stderr).toMatch(
      /^Incomplete: no score of tuned for another persona in 4 of 4 responses \(malformed-verdict 4\), so the exit status is 1\.$/m,
    );
    expect(code).toBe(1);
    const { result, missing } = JSON.parse(stdout);
    expect(missing).toEqual({
      responses: 0,
      cases: 0,
      reasons: {},
      others: { asked: 4, responses: 4, reasons: { 'malformed-verdict': 4 } },
    });
    expect(describeEvaluation(await readEvaluation(join(folder, result)))).toContain(
      'Not scored for another persona: 4 of 4 responses (malformed-verdict 4).',
    );
  });

  test('1: a server that refuses, with the error in the document', async () => {
    server.answer = (_body, response) => send(response, { error: { message: 'no such model' } }, 404);
    const { code, stdout, stderr } = await evaluate('refused', ['--json']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*no such model/m);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'model-call-failed', message: expect.stringContaining('no such model') },
      status: 1,
    });
  });

  test.each([
    ['a mistyped flag', ['--fail-undr', '3'], 'Did you mean "--fail-under"?'],
    [
      'a gate that is no level',
      ['--fail-under', 'high'],
      'Option "fail-under": expected a number of at least 1',
    ],
    [
      'a gate on something else',
      ['--fail-under', '3', '--fail-by', 'luck'],
      'Option "fail-by": expected one of',
    ],
    ['a flag that was negated', ['--no-out'], 'There is no option "--no-out".'],
    ['a result that would be a directory', ['--out', '.'], 'Option "out": expected a file, not a directory'],
    [
      'a result below a file',
      ['--out', 'file/result.json'],
      'Option "out": expected a path in a directory (',
    ],
    ['a run directory below a file', ['--run', 'file/run'], 'file'],
  ])('2: %s, before any call', async (_what, words, message) => {
    await writeFile(join(folder, 'file'), '');
    const calls = server.seen.length;
    const { code, stdout, stderr } = await evaluate('usage', [...words, '--json']);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: expect.any(String) }, status: 2 });
    expect(server.seen.length).toBe(calls);
  });

  // The superuser may write into any other directory.
  test.skipIf(process.platform !== 'linux')(
    '2: a place where nothing can be written, before any call',
    async () => {
      const calls = server.seen.length;
      const { code, stderr } = await evaluate('usage', ['--out', '/proc/deep/result.json']);
      expect(stderr).toMatch(/Option "out": expected a path that can be written \(\/proc: E[A-Z]+\)/);
      expect(code).toBe(2);
      expect(server.seen.length).toBe(calls);
      expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    },
  );

  test('3: a level below the gate, also if only its interval is', async () => {
    const { code, stdout, stderr } = await evaluate('gate', ['--fail-under', '5', '--json']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^--fail-under 5 is not met: /m);
    const { gate, evaluation } = JSON.parse(stdout);
    expect(gate).toEqual({ failUnder: 5, by: 'mean', value: evaluation.average, met: false });
    const again = ['--same-model', '--same-user-model', '--fail-under', '1', '--fail-by', 'interval'];
    // Two cases have no interval.
    const unknown = await evaluate('gate', again);
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('the interval of the average level of tuned could not be measured.');
  });

  test('4: the budget, and the calls so far are kept', async () => {
    const { code, stderr, stdout } = await evaluate('budget', ['--budget-tokens', '3000', '--json']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^Error: Another call of .* could exceed the budget/m);
    expect(stderr).toMatch(/^\d+ model calls \(0 from cache\) in /m);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'budget-exceeded' }, status: 4 });
    await access(join(folder, 'budget', 'journal.sqlite'));
  });

  test('130: Ctrl-C', async () => {
    const { code, stdout, stderr } = await evaluate('interrupted', ['--json'], {
      onStart(program) {
        let interrupted = false;
        server.answer = async (body, response, request) => {
          if (!interrupted) program.interrupt();
          interrupted = true;
          await program.said('Stopping.');
          answer(body, response, request);
        };
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain('with --same-model --same-user-model to resume (interrupted).');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'interrupted' }, status: 130 });
  });
});
