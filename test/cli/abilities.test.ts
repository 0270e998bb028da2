import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';
import { type Finished, runAloe } from './run-program.ts';

let cwd: string;
let server: ChatServer;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'aloe-abilities-'));
  // Follows requests for capital letters, if it is called loud.
  server = await startChatServer(({ model, messages }, response) => {
    const isLoud = model === 'loud' && /capital letters/.test(messages.at(-1)!.content);
    send(response, completion(isLoud ? 'HELLO THERE' : 'Er'));
  });
});
afterAll(async () => {
  await server.close();
  await rm(cwd, { recursive: true, force: true });
});

const aloe = (...words: string[]): Promise<Finished> => runAloe(['abilities', ...words], { cwd });
const measure = (...words: string[]) => aloe('measure', '--base-url', server.baseUrl, ...words);

describe('aloe abilities', { timeout: 120_000 }, () => {
  test('measures a served model once, and compares it with another on the same requests', async () => {
    const loud = await measure('--model', 'loud', '--out', 'loud.json', '--json');
    expect(loud, loud.stderr).toMatchObject({ code: 0 });
    const { result, abilities, cost } = JSON.parse(loud.stdout);
    expect(result).toBe('loud.json');
    expect(cost).toMatchObject({ calls: 80 });
    expect(JSON.parse(await readFile(join(cwd, 'loud.json'), 'utf8'))).toEqual(abilities);
    const { followed } = abilities.instructions;
    expect(followed).toBeGreaterThan(0);
    expect(followed).toBeLessThan(1);

    const quiet = await measure('--model', 'quiet', '--name', 'before/training');
    expect(quiet, quiet.stderr).toMatchObject({ code: 0 });
    const path = 'runs/abilities/before-training.abilities.json';
    expect(quiet.stdout).toContain(`Result: ${path}`);
    expect(quiet.stderr).toContain(`aloe abilities compare ${path} OTHER.abilities.json`);

    const seen = server.seen.length;
    const again = await measure('--model', 'loud', '--same-model', '--json');
    expect(JSON.parse(again.stdout).cost).toMatchObject({ calls: 0 });
    expect(server.seen).toHaveLength(seen);

    const compared = await aloe('compare', path, 'loud.json', '--json');
    expect(compared, compared.stderr).toMatchObject({ code: 0 });
    const [comparison] = JSON.parse(compared.stdout).comparisons;
    expect(comparison.instructions.difference).toBeCloseTo(
      followed - JSON.parse(await readFile(join(cwd, path), 'utf8')).instructions.followed,
    );
    const { stdout } = await aloe('compare', path, 'loud.json');
    expect(stdout).toMatch(/before\/training/);
    expect(stdout).toMatch(/loud/);
  });

  test('measures as many requests as are asked for, drawn by the seed', async () => {
    const few = async (seed: string) => {
      const words = ['--model', 'few', '--count', '3', '--seed', seed, '--run', `runs/few-${seed}`, '--json'];
      const { code, stdout, stderr } = await measure(...words);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout).abilities.instructions.items.map(({ id }: { id: string }) => id);
    };
    const [one, other] = [await few('1'), await few('2')];
    expect(one).toHaveLength(3);
    expect(other).not.toEqual(one);
  });

  test.each<[string, readonly string[], number, string]>([
    ['no request', ['measure', '--count', '0'], 2, 'Option "count": expected'],
    ['more requests than there are', ['measure', '--count', '81'], 2, 'from 1 to 80'],
    ['tasks without weights', ['measure', '--lm-eval', 'arc_easy'], 2, 'Option "weights": expected'],
    ['a file that is no result', ['compare', 'wrong.json', 'wrong.json'], 2, 'wrong.json'],
    ['a file that is not there', ['compare', 'none.json', 'none.json'], 2, 'none.json'],
    ['a result alone', ['compare', 'wrong.json'], 2, 'OTHER is missing'],
  ])('%s is refused, and nothing is asked', async (_what, words, status, message) => {
    await writeFile(join(cwd, 'wrong.json'), '{"schema": "aloe-evaluation/1"}');
    const seen = server.seen.length;
    const served = words[0] === 'measure' ? ['--model', 'm', '--base-url', server.baseUrl] : [];
    const { code, stdout, stderr } = await aloe(...words, ...served);
    expect([code, stdout]).toEqual([status, '']);
    expect(stderr).toContain(message);
    expect(server.seen).toHaveLength(seen);
  });
});
