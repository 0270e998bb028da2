import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChatServer } from '../models/chat-server.ts';
import { type Finished, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

describe('aloe evaluate with a config file', { timeout: 300_000 }, () => {
  let folder: string;
  let cwd: string;
  let server: ChatServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-evaluate-config-'));
    server = await startTeacherServer();
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    cwd = await mkdtemp(join(folder, 'place-'));
    await writeFile(join(cwd, 'aloe.config.yaml'), config());
  });

  const at = (name: string) => `openai-compatible:${name}@${server.baseUrl}`;
  const config = () => `
run: runs/study
seed: 3
models: { default: "${at('base')}", judge: "${at('strict')}", embedder: lexical }
evaluation: { candidates: [bare, oracle], cases: 2, turns: 2, otherPersona: false }
`;
  const evaluate = (...words: string[]): Promise<Finished> => runAloe(['evaluate', ...words], { cwd });
  const json = ({ stdout }: Finished) => JSON.parse(stdout);

  test('its candidates become one table, and each has to meet the gate', async () => {
    const gated = await evaluate('--fail-under', '5');
    expect(gated.code).toBe(3);
    expect(gated.stdout.match(/^\| Model \|/gm)).toHaveLength(1);
    expect(gated.stdout).toMatch(/^\| bare \|.*\n\| oracle \|/m);
    expect(gated.stdout).toMatch(
      /^Result: runs\/study\/results\/bare\.json\nResult: runs\/study\/results\/oracle\.json$/m,
    );
    expect(gated.stderr).toContain('Evaluating bare, oracle. Users: base. Judge: strict.');
    for (const name of ['bare', 'oracle']) {
      expect(gated.stderr).toMatch(
        new RegExp(`^--fail-under 5 is not met: the average level of ${name} is`, 'm'),
      );
    }
    const asked = await evaluate('--json');
    expect(asked.code).toBe(2);
    expect(json(asked).error.message).toContain('add --same-model to replay them');
    const again = await evaluate('--same-model', '--fail-under', '1', '--json');
    expect(again.code).toBe(0);
    expect(json(again)).toMatchObject({
      evaluations: [
        {
          result: 'runs/study/results/bare.json',
          evaluation: { statistics: { seed: 3 } },
          gate: { met: true },
        },
        { result: 'runs/study/results/oracle.json', missing: { responses: 0 } },
      ],
      cost: { calls: 0 },
    });
  });

  test('a model by reference takes the place of its candidates, with its users and judge', async () => {
    const one = await evaluate('--model', at('tuned'), '--name', 'mine', '--turns', '1', '--json');
    expect(one.code).toBe(0);
    const { result, evaluation } = json(one);
    expect(result).toBe('runs/study/results/mine.json');
    expect(evaluation).toMatchObject({
      candidate: { name: 'mine', model: 'tuned' },
      lock: { turns: 1, user: { model: 'base' }, judge: { id: expect.stringMatching(/:strict$/) } },
    });
    const said = await evaluate('--model', at('tuned'), '--name', 'mine', '--turns', '1', '--same-model');
    expect(said.stderr).toContain('add --same-user-model to replay them');
    expect(said.stderr).toContain('give the model a `revision` in the config');
  });

  test('methods of a model, and a judge by a flag', async () => {
    const words = ['--model', 'tuned', '--base-url', server.baseUrl, '--candidates', 'bare,adaptive'];
    const both = await evaluate(...words, '--judge-model', at('mild'), '--other-persona', 'none', '--json');
    expect(both.code).toBe(0);
    const { evaluations } = json(both);
    expect(evaluations).toMatchObject([
      {
        evaluation: {
          candidate: { name: 'tuned' },
          lock: { judge: { id: expect.stringMatching(/:mild$/) } },
        },
      },
      { evaluation: { candidate: { name: 'tuned, adaptive' } } },
    ]);
    const files = await readdir(join(cwd, 'runs/study/results'));
    expect(files).toEqual(['tuned-adaptive.json', 'tuned.json']);
    expect(await readFile(join(cwd, 'runs/study/results/tuned.json'), 'utf8')).toContain('"tuned"');
  });

  test.each([
    [['--out', 'one.json'], 'Option "out": expected no file with several candidates'],
    [['--name', 'mine'], 'Option "name": expected no name without --model, --gguf or --embedded'],
    [['--model', 'm', '--candidates', 'bare,oracle', '--name', 'n'], 'Option "name": expected one candidate'],
    [['--candidates', 'best'], 'Option "candidates": expected a candidate: adaptive, bare'],
    [['--cases', '1000'], 'Option "cases": expected a whole number from 1 to 100'],
    [
      ['--model', 'anthropic:claude'],
      'anthropic:claude is at OpenAI (another provider: ai-sdk:PACKAGE:NAME), and the environment variable',
    ],
    [['--model', 'gpt-4o'], 'gpt-4o is at OpenAI, and the environment variable OPENAI_API_KEY is not set'],
  ])('%j is refused before anything is opened', async (words, message) => {
    const { code, stderr } = await evaluate(...words);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(await readdir(cwd)).toEqual(['aloe.config.yaml']);
  });
});
