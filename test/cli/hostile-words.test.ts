import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion, send, startChatServer } from '../models/chat-server.ts';
import { writeSmallData } from '../training/small-job.ts';
import { HOSTILE, UNSAFE_CHARACTERS } from '../unsafe-characters.ts';
import { type Finished, runAloe } from './run-program.ts';
import { teach } from './teacher-server.ts';

const TRAINER = `#!/usr/bin/env bash
printf '\\x1b]52;c;cm0=\\x07loading \\xc2\\x9b31m\\r' >&2
printf 'ValueError: \\x1b[2Jno memory\\n' >&2
exit 3
`;

describe('words of others reach the terminal without its commands', { timeout: 300_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-hostile-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function expectSafe({ stdout, stderr }: Finished): void {
    expect(stdout).not.toMatch(UNSAFE_CHARACTERS);
    expect(stderr).not.toMatch(UNSAFE_CHARACTERS);
  }

  test('a file name, in a report and in JSON', async () => {
    const path = join(folder, `rows${HOSTILE}.jsonl`);
    await writeFile(path, `{"prompt": "${'\u009b31m'}Tea?", "completion": ""}\n`);
    const text = await runAloe(['data', 'validate', path]);
    expectSafe(text);
    expect(text.stdout).toMatch(/^## rows\.jsonl$/m);
    const json = await runAloe(['data', 'validate', path, '--json']);
    expectSafe(json);
    expect(JSON.parse(json.stdout).files[0].file).toBe(`rows${HOSTILE}.jsonl`);
    const missing = await runAloe(['data', 'validate', `${path}.gone`]);
    expectSafe(missing);
    expect(missing.stderr).toContain('rows.jsonl.gone: cannot be read');
  });

  test('an unknown command', async () => {
    for (const words of [[`evaluate${HOSTILE}`], ['models', HOSTILE]]) {
      const ended = await runAloe(words);
      expectSafe(ended);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain('Unknown command');
    }
  });

  test("a server's refusal", async () => {
    const server = await startChatServer((_body, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `no such ${HOSTILE}model` } }));
    });
    const words = ['--model', 'a', '--base-url', server.baseUrl, '--run', join(folder, 'refused')];
    const ended = await runAloe([
      'evaluate',
      ...words,
      '--user-model',
      'u',
      '--user-base-url',
      server.baseUrl,
      '--cases',
      '1',
      '--turns',
      '1',
    ]);
    await server.close();
    expectSafe(ended);
    expect(ended.stdout + ended.stderr).toContain('no such model');
  });

  test("a model's messages, on the terminal and in the report", async () => {
    const server = await startChatServer((body, response) => {
      const reply = teach(body);
      send(response, completion(reply.startsWith('{') ? reply : `${reply} ${HOSTILE}Well.`));
    });
    const words = ['--model', 'tiny', '--base-url', server.baseUrl, '--out', join(folder, 'quickstart')];
    const sizes = ['--profiles', '0', '--personas', '2', '--turns', '3', '--cases', '1'];
    const ended = await runAloe(['quickstart', ...words, ...sizes]);
    await server.close();
    expect(ended.code).toBe(0);
    expectSafe(ended);
    expect(ended.stdout).toMatch(/^ +preferred {2}.* Well\.$/m);
    expect(await readFile(join(folder, 'quickstart/report.md'), 'utf8')).not.toMatch(UNSAFE_CHARACTERS);
  });

  test("a trainer's log and last error", async () => {
    const { sft } = await writeSmallData(folder);
    const python = join(folder, 'python');
    await writeFile(python, TRAINER);
    await chmod(python, 0o755);
    const flags = ['--base', 'some/model', '--sft', sft, '--gpus', '0', '--python', python];
    const aloe = (...words: string[]) => runAloe(['train', ...words], { cwd: folder });
    const followed = await aloe('submit', ...flags, '--follow');
    expectSafe(followed);
    expect(followed.stdout).toContain('failed (exit code 3): ValueError: no memory');
    const status = await aloe('status');
    expectSafe(status);
    expect(status.stdout).toContain('ValueError: no memory');
    const logs = await aloe('logs');
    expectSafe(logs);
    expect(logs.stdout).toContain('loading \nValueError: no memory\n');
  });
});
