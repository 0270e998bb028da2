import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { writeFakeTrainer } from '../../src/testing/fake-trainer.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';
import { writeSmallData } from '../training/small-job.ts';
import { type Finished, runAloe } from './run-program.ts';
import { teach } from './teacher-server.ts';

const TUNED = 'tuned/dpo/model';

// The README's commands, one after the other. Each is a program of its own.
describe('train, serve under the same name, evaluate', { timeout: 300_000 }, () => {
  let folder: string;
  let training: string[];
  let serving = '';
  const servers: ChatServer[] = [];
  /** A server that says with each answer of the tuned model which weights it has loaded. */
  async function serve(): Promise<ChatServer> {
    const server = await startChatServer((body, response) => {
      const text = body.model === TUNED ? `${teach(body)} From the ${serving} weights.` : teach(body);
      send(response, completion(text));
    });
    servers.push(server);
    return server;
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-retrained-'));
    const { sft, dpo } = await writeSmallData(folder);
    const python = await writeFakeTrainer(join(folder, 'python'));
    training = ['--base', 'some/model', '--sft', sft, '--dpo', dpo, '--gpus', '0', '--python', python];
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  });

  const aloe = (...words: string[]): Promise<Finished> => runAloe(words, { cwd: folder });
  const evaluate = (server: ChatServer, ...words: string[]): Promise<Finished> =>
    aloe(
      ...['evaluate', '--model', TUNED, '--base-url', server.baseUrl, '--cases', '2', '--turns', '2'],
      ...['--user-model', 'tiny', '--user-base-url', server.baseUrl, ...words],
    );
  const result = async (name: string) => {
    const { cases } = await readEvaluation(join(folder, 'runs/evaluate', name));
    return cases.flatMap(({ turns }) => turns.map(({ response }) => response));
  };

  /** Trains and fetches. The fake trainer always writes the same weights, so they are told apart here. */
  async function train(weights: string): Promise<void> {
    expect(await aloe('train', 'submit', ...training, '--follow')).toMatchObject({ code: 0 });
    expect(await aloe('train', 'fetch', '--out', 'tuned')).toMatchObject({ code: 0 });
    await writeFile(join(folder, TUNED, 'model.safetensors'), weights);
    await writeFile(join(folder, TUNED, 'config.json'), '{}');
  }

  test('gives a retrained model new scores, and never the old ones', async () => {
    const server = await serve();
    const users = ['--user-revision', 'r1'];
    await train('first');
    serving = 'first';
    expect(await evaluate(server, ...users, '--out', 'runs/evaluate/first.json')).toMatchObject({ code: 0 });
    expect((await evaluate(server, ...users, '--out', 'runs/evaluate/first.json')).stderr).toContain(
      '\n0 model calls (',
    );
    await train('second');
    serving = 'second';
    const second = [...users, '--out', 'runs/evaluate/second.json'];
    const again = await evaluate(server, ...second);
    expect(again).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Error') });
    // A server that was not restarted cannot be told apart.
    const caveat = /files in tuned\/dpo\/model have changed .* may still answer with the old weights/;
    expect(again.stderr).toMatch(caveat);
    expect((await evaluate(server, ...second)).stderr).not.toMatch(caveat);

    expect(
      (await result('first.json')).filter((text) => text.endsWith('From the first weights.')),
    ).toHaveLength(4);
    expect(
      (await result('second.json')).filter((text) => text.endsWith('From the second weights.')),
    ).toHaveLength(4);
  });

  test('stops and asks where the weights cannot be seen, before any call', async () => {
    const server = await serve();
    const elsewhere = ['--model', 'tuned', '--run', 'elsewhere', '--user-revision', 'r1'];
    expect(await evaluate(server, ...elsewhere)).toMatchObject({ code: 0 });
    const calls = server.seen.length;
    const again = await evaluate(server, ...elsewhere);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(
      /holds 4 answers of "tuned", and .* may serve other weights under that name/,
    );
    expect(server.seen.length).toBe(calls);
  });

  test('buys nothing again if the server moved and the weights are the same', async () => {
    const words = ['--model', 'moving', '--run', 'moved'];
    const [before, after] = [await serve(), await serve()];
    expect(await evaluate(before, ...words)).toMatchObject({ code: 0 });
    const scores = await readFile(join(folder, 'moved/results/moving.json'), 'utf8');
    const calls = before.seen.length;

    const asked = await evaluate(after, ...words);
    expect(asked).toMatchObject({ code: 2 });
    const [from, to] = [before, after].map(({ baseUrl }) => new URL(baseUrl).host);
    expect(asked.stderr).toContain(`it was served at ${from}/v1 then, and is at ${to}/v1 now`);

    const moved = await evaluate(after, ...words, '--same-model', '--same-user-model');
    expect(moved).toMatchObject({ code: 0, stderr: expect.stringContaining('\n0 model calls (') });
    expect(await readFile(join(folder, 'moved/results/moving.json'), 'utf8')).toBe(scores);
    expect([before.seen.length, after.seen.length]).toEqual([calls, 0]);
  });
});
