import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/forty-calls.ts', import.meta.url));
const IN_FLIGHT = 4;

let folder: string;
let server: ChatServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-resume-'));
  server = await startChatServer((body, response) => {
    const { content } = body.messages.at(-1)!;
    setTimeout(() => send(response, completion(`${content}, seed ${body.seed}`)), 5);
  });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function start(dir: string): ChildProcess {
  return spawn(process.execPath, [PROGRAM, server.baseUrl, join(folder, dir)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function finish(program: ChildProcess): Promise<string[]> {
  const [output] = await Promise.all([text(program.stdout!), once(program, 'exit')]);
  expect(program.exitCode).toBe(0);
  return JSON.parse(output) as string[];
}

test.each([1, 17, 38])(
  'a program that is killed after %i answers pays only for what was in flight',
  async (answers) => {
    const uninterrupted = await finish(start('whole'));
    expect(uninterrupted).toHaveLength(40);
    expect(server.seen).toHaveLength(40);

    const before = server.seen.length;
    const program = start('killed');
    const answer = server.answer;
    let answered = 0;
    server.answer = (...call) => {
      if (answered++ < answers) answer(...call);
      else program.kill('SIGKILL');
    };
    await once(program, 'exit');
    expect(program.signalCode).toBe('SIGKILL');

    server.answer = answer;
    expect(await finish(start('killed'))).toEqual(uninterrupted);
    const sent = server.seen.length - before;
    expect(sent).toBeGreaterThanOrEqual(40);
    expect(sent).toBeLessThanOrEqual(40 + IN_FLIGHT);

    const afterwards = server.seen.length;
    expect(await finish(start('killed'))).toEqual(uninterrupted);
    expect(server.seen).toHaveLength(afterwards);
  },
);
