import { expect, test } from 'vitest';
import { runCommand } from '../../src/internal/run-command.ts';

const node = (code: string) => [process.execPath, '-e', code];

test('any exit code is a result, with both outputs', async () => {
  const lines: string[] = [];
  const command = node('console.log("one\\ntwo"); console.error("three"); process.exit(3)');
  const result = await runCommand(command, { onLine: (line) => lines.push(line) });
  expect(result).toEqual({ exitCode: 3, stdout: 'one\ntwo\n', stderr: 'three\n' });
  expect(lines.sort()).toEqual(['one', 'three', 'two']);
});

test('arguments reach the program unchanged', async () => {
  const words = ['$HOME', '; exit 1', "'", '"', '*'];
  const { stdout } = await runCommand([
    ...node('console.log(JSON.stringify(process.argv.slice(1)))'),
    ...words,
  ]);
  expect(JSON.parse(stdout)).toEqual(words);
});

test('a program killed by a signal has no exit code', async () => {
  const { exitCode } = await runCommand(node('process.kill(process.pid, "SIGKILL")'));
  expect(exitCode).toBeNull();
});

test('a missing program is an error', async () => {
  await expect(runCommand(['aloe-no-such-program'])).rejects.toThrow('ENOENT');
});

test('an abort kills the program and throws its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 100);
  const call = runCommand(node('setTimeout(() => {}, 60_000)'), { signal: controller.signal });
  await expect(call).rejects.toBe(reason);
  await expect(runCommand(node(''), { signal: controller.signal })).rejects.toBe(reason);
});
