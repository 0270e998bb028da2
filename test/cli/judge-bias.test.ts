import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { judgeBiasSchema } from '../../src/evaluation/judge-bias/bias-result.ts';
import { judgeBy, playedBy } from '../evaluation/judge-bias/judge-bias-data.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';
import { complaints, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

describe('aloe judge-bias', { timeout: 300_000 }, () => {
  let folder: string;
  let server: ChatServer;
  let dumb: ChatServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-judge-bias-'));
    server = await startTeacherServer();
    dumb = await startChatServer((_, response) => send(response, completion('I would rather not.')));
    const judge = judgeBy(() => 3);
    await saveEvaluation(await playedBy(judge, { cases: 6, turns: 2 }), join(folder, 'bare.json'));
    await saveEvaluation(
      await playedBy(judge, { cases: 6, turns: 2, name: 'tuned' }),
      join(folder, 'tuned.json'),
    );
  });
  afterAll(async () => {
    await server?.close();
    await dumb?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const measure = (...words: readonly string[]) =>
    runAloe([
      'judge-bias',
      join(folder, 'bare.json'),
      join(folder, 'tuned.json'),
      ...['--judge-model', 'strict', '--judge-base-url', server.baseUrl, '--judge-revision', 'r1'],
      ...['--reword-model', 'writer', '--reword-base-url', server.baseUrl, '--reword-revision', 'r1'],
      ...['--sample', '4', '--run', join(folder, 'run'), ...words],
    ]);

  test('prints an estimate, a table and what it means, and replays finished calls', async () => {
    const first = await measure();
    expect(complaints(first)).toEqual([]);
    expect(first.code).toBe(0);
    // 4 responses: seven verdicts without rewording, two with, and two rewordings.
    expect(first.stderr).toMatch(/^Estimate: 4[4-9] model calls, /m);
    expect(server.seen.filter(({ body }) => body.model === 'writer')).toHaveLength(8);
    expect(first.stdout).toContain('4 of 24 responses from 4 cases (bare, tuned)');
    expect(first.stdout).toContain('| Padded without content |');
    expect(first.stdout).toContain('not measured, since the scores in the results are of another judge');
    const bias = judgeBiasSchema.parse(
      JSON.parse(await readFile(join(folder, 'run/judge-bias.json'), 'utf8')),
    );
    expect(bias.judge.id).toMatch(/:strict@r1$/);
    expect(bias.reword).toMatchObject({ model: 'writer@r1', prompt: { name: 'reword@1' } });
    const calls = server.seen.length;
    const again = await measure();
    expect(again.stderr).toMatch(/^Estimate: all \d+ calls are stored\. Nothing to buy\.$/m);
    expect(server.seen.length).toBe(calls);
    const json = await measure('--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      result: join(folder, 'run/judge-bias.json'),
      bias: { judge: { id: bias.judge.id } },
      cost: { calls: 0 },
    });
  });

  test('pays for the new responses only when the sample grows', async () => {
    const { stderr } = await measure('--sample', '6', '--out', join(folder, 'larger.json'));
    expect(stderr).toMatch(/^Estimate: 4\d calls stored, 2\d to buy, /m);
  });

  test("asks by the paper's rubric if told", async () => {
    const path = join(folder, 'paper.json');
    await measure('--rubric', 'paper', '--sample', '1', '--out', path);
    const bias = judgeBiasSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    expect(bias.judge.prompts.map(({ name }) => name)).toEqual(['judge@2']);
  });

  test('rejects a wrong option, and a file that is no evaluation, before any call', async () => {
    const calls = server.seen.length;
    expect((await measure('--sample', '0')).stderr).toContain('Option "sample"');
    expect((await measure('--rubric', 'strict')).stderr).toContain('Option "rubric"');
    expect((await measure('--samples', '3')).stderr).toContain('Did you mean "--sample"?');
    expect((await measure(join(folder, 'run/judge-bias.json'))).code).toBe(2);
    expect(server.seen.length).toBe(calls);
  });

  test('ends with status 1 if the judge gives no verdict', async () => {
    const { code } = await measure(
      '--judge-model',
      'dumb',
      '--judge-base-url',
      dumb.baseUrl,
      '--run',
      join(folder, 'dumb'),
    );
    expect(code).toBe(1);
  });
});
