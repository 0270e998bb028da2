import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatServer } from '../models/chat-server.ts';
import { writeCheckpointTrainer } from './checkpoint-trainer.ts';
import { type Finished, ROOT, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

let cwd: string;
let server: ChatServer;
let flags: string[];
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'aloe-reproduce-'));
  server = await startTeacherServer();
  await mkdir(join(cwd, 'base'));
  await writeFile(join(cwd, 'base/config.json'), '{}');
  const chat = Array.from({ length: 30 }, (_, index) => ({
    messages: [
      { role: 'user', content: `What is ${index} plus one?` },
      { role: 'assistant', content: `It is ${index + 1}, one more than ${index}.` },
    ],
  }));
  await writeFile(join(cwd, 'chat.jsonl'), chat.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const python = await writeCheckpointTrainer(join(cwd, 'trainer'));
  const serve = `${process.execPath} ${join(ROOT, 'test/training/serving/small-server.ts')} {model} {port}`;
  flags = [
    ...['--base', 'base', '--model', `openai-compatible:teacher@${server.baseUrl}`, '--embedder', 'lexical'],
    ...['--sizes', 'small', '--gpus', '0', '--python', python, '--serve-command', serve],
    ...[
      '--conversations-personas',
      '3',
      '--conversations-turns',
      '2',
      '--evaluation-cases',
      '2',
      '--evaluation-turns',
      '2',
    ],
  ];
});
afterAll(async () => {
  await server.close();
  await rm(cwd, { recursive: true, force: true });
});

const reproduce = (...words: string[]): Promise<Finished> =>
  runAloe(['reproduce', ...words], { cwd, env: { XDG_CACHE_HOME: join(cwd, 'cache') } });

// Each is several programs, one after the other. Bash plays the trainer.
describe.skipIf(process.platform === 'win32')('aloe reproduce', { timeout: 300_000 }, () => {
  test('an estimate counts calls, and makes none', async () => {
    const small = await reproduce('table1', ...flags, '--estimate', '--json', '--run', 'runs/estimated');
    expect(small, small.stderr).toMatchObject({ code: 0 });
    const { estimate } = JSON.parse(small.stdout);
    const paper = await reproduce(
      'table1',
      ...flags.slice(0, 6),
      '--estimate',
      '--json',
      '--run',
      'runs/estimated',
    );
    expect(paper, paper.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(paper.stdout).estimate.calls.total.typical.calls).toBeGreaterThan(10_000);
    const said = await reproduce(
      'table2',
      ...flags,
      '--general-chat',
      'chat.jsonl',
      '--estimate',
      '--run',
      'runs/estimated',
    );
    expect(said, said.stderr).toMatchObject({ code: 0 });
    expect(said.stdout).toContain('base, unmixed: ');
    const without = await reproduce('table2', ...flags, '--estimate', '--run', 'runs/estimated');
    expect([without.code, without.stdout]).toEqual([2, '']);
    expect(without.stderr).toContain('Option "generalChat"');
    expect(estimate.calls.total.typical.calls).toBeGreaterThan(20);
    expect(estimate.calls.total.typical.calls).toBeLessThan(200);
    expect(estimate.trainings.map(({ name }: { name: string }) => name)).toEqual([
      'base, preferred',
      'base, rejected',
    ]);
    expect(server.seen).toHaveLength(0);
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  });

  test('a table is trained, measured and written, and a second time all of it is there', async () => {
    const first = await reproduce('table1', ...flags, '--yes', '--json');
    expect(first, first.stderr).toMatchObject({ code: expect.any(Number) });
    expect(first.code, first.stderr).toBeLessThanOrEqual(1);
    const { table: path, report, rows, cost } = JSON.parse(first.stdout);
    expect(rows.length).toBeGreaterThan(2);
    expect(cost.calls).toBeGreaterThan(0);
    expect(await readFile(join(cwd, path), 'utf8')).toContain('|');
    expect(await readFile(join(cwd, report), 'utf8')).toMatch(/^<!doctype html>/i);

    const seen = server.seen.length;
    const again = await reproduce('table1', ...flags, '--yes', '--same-model', '--json');
    expect(JSON.parse(again.stdout).rows).toEqual(rows);
    expect(JSON.parse(again.stdout).cost).toMatchObject({ calls: 0 });
    expect(server.seen).toHaveLength(seen);
  });

  test.each<[string, readonly string[], string]>([
    ['no base', ['table1', '--model', 'm'], 'Option "base": expected the name or directory of a model'],
    ['a table that is none', ['table3'], 'table3'],
    [
      'a ratio without a file',
      ['table2', '--base', 'base', '--general-chat-ratio', '2'],
      'Option "general-chat": expected a file (required with --general-chat-ratio)',
    ],
    [
      'sizes that are none',
      ['table1', '--base', 'base', '--sizes', 'tiny'],
      'Option "sizes": expected one of "paper", "small"',
    ],
    [
      'a server without a place for the model',
      ['table1', '--base', 'base', '--serve-command', 'vllm serve {modle} --port {port}'],
      'Option "serve-command": expected a command with {model} and {port} in it',
    ],
    [
      'no epochs',
      ['table1', '--base', 'base', '--epochs', '0'],
      'Option "epochs": expected a number above 0',
    ],
    ['GPUs in words', ['table1', '--base', 'base', '--gpus', 'two'], 'Option "gpus"'],
  ])('%s is refused in one sentence', async (_what, words, message) => {
    const { code, stdout, stderr } = await reproduce(...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
