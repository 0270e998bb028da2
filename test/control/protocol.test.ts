import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { channelsToTry } from '../../src/control/channel-path.ts';
import { connectToRun } from '../../src/control/connect.ts';
import { createControl } from '../../src/control/create-control.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { memoryRun, openRun, type Run } from '../../src/runs/run.ts';

let folder: string;
let dir: string;
let run: Run;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-protocol-'));
  dir = join(folder, 'run');
  run = await openRun(dir);
});
afterEach(async () => {
  await run.close();
  await rm(folder, { recursive: true });
});

/** Sends bytes to a run's channel, and returns what comes back until it closes or has said `lines` lines. */
async function say(bytes: string | Buffer, lines = 1): Promise<unknown[]> {
  for (const path of channelsToTry(dir)) {
    const socket = connect(path);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    if (!isOpen) continue;
    socket.write(bytes);
    let text = '';
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        text += String(chunk);
        if (text.split('\n').length > lines) resolve();
      });
      // What is still being sent when the other side hangs up is an error here.
      socket.on('error', () => {}).on('close', () => resolve());
    });
    socket.destroy();
    return text
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));
  }
  throw new Error('Nobody listens.');
}

describe('the channel of a run', () => {
  test('answers requests in order, each with its id', async () => {
    await createControl().open(run);
    const request = (id: number, task: object) => `${JSON.stringify({ control: 1, id, task })}\n`;
    const all = request(1, { do: 'pause' }) + request(2, { do: 'pause' }) + request(3, { do: 'resume' });
    expect(await say(all, 3)).toMatchObject([
      { control: 1, id: 1, ok: { changed: true } },
      { control: 1, id: 2, ok: { changed: false } },
      { control: 1, id: 3, ok: { changed: true } },
    ]);
  });

  test.each([
    [
      'another version',
      '{"control":2,"id":4,"task":{"do":"halt"}}\n',
      { id: 4, error: { code: 'other-version' } },
    ],
    [
      'a word that is none',
      '{"control":1,"id":4,"task":{"do":"halt"}}\n',
      { id: 4, error: { code: 'bad-request' } },
    ],
    [
      'more than it knows',
      '{"control":1,"id":4,"task":{"do":"state","now":1}}\n',
      { error: { code: 'bad-request' } },
    ],
    ['a list', '[]\n', { id: null, error: { code: 'other-version' } }],
  ])('refuses %s', async (_what, bytes, reply) => {
    await createControl().open(run);
    expect(await say(bytes)).toMatchObject([{ control: 1, ...reply }]);
  });

  test.each([
    ['what is not JSON', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a line without end', Buffer.alloc(200_000, 'x')],
  ])('hangs up on %s, and goes on listening', async (_what, bytes) => {
    await createControl().open(run);
    expect(await say(bytes)).toEqual([]);
    const client = await connectToRun(dir);
    expect(await client.ask({ do: 'state' })).toMatchObject({ schema: 'aloe-live/1', run: dir });
    client.close();
  });

  test('closes with the run', async () => {
    const open = await createControl().open(run);
    expect(open.state().settings.concurrency).toBe(16);
    const client = await connectToRun(dir);
    await client.ask({ do: 'state' });
    await run.close();
    await expect(client.ask({ do: 'state' })).rejects.toThrow(/has closed it/);
    await expect(connectToRun(dir)).rejects.toThrow(/No process has/);
  });

  test('is only for runs that can be steered', async () => {
    await expect(createControl().open(memoryRun())).rejects.toThrow(InvalidOptionError);
    expect(() => createControl({ totl: 3 } as never)).toThrow(/Did you mean "total"/);
  });

  test('keeps what was finished, a limited number of pieces', async () => {
    const control = createControl();
    const open = await control.open(run);
    const finish = (id: string) =>
      control.take({ type: 'conversation-end', conversationId: id, tree: { id } as never });
    for (let count = 0; count < 50; count++) finish(`c${count}`);
    expect(open.finished(0).next).toBe(50);
    expect(open.finished(0).pieces).toHaveLength(40);
    expect(open.finished(48).pieces).toMatchObject([{ tree: { id: 'c48' } }, { tree: { id: 'c49' } }]);
    expect(open.finished(50).pieces).toEqual([]);
    expect(open.finished(99).pieces).toEqual([]);
  });
});
