import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pullWeights } from '../../src/weights/pull-weights.ts';
import { type Answer, type ChatServer, completion, send } from '../models/chat-server.ts';
import { type Finished, type ProgramOptions, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

const SLOW_MS = 1_500;

/** Models behind a server count as paid; only those in the process are free. */
describe('Ctrl-C in a quickstart on a slow server', { timeout: 300_000 }, () => {
  let folder: string;
  let server: ChatServer;
  let teach: Answer;
  beforeAll(async () => {
    await pullWeights({ sets: ['all-minilm-l6-v2'] });
    folder = await mkdtemp(join(tmpdir(), 'aloe-interrupt-'));
    server = await startTeacherServer();
    teach = server.answer;
  }, 300_000);
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    server.answer = teach;
  });

  const quickstart = (out: string, options: ProgramOptions): Promise<Finished> => {
    const words = ['--model', 'tiny', '--base-url', server.baseUrl, '--out', join(folder, out)];
    const sizes = ['--profiles', '0', '--personas', '3', '--turns', '2', '--cases', '1'];
    return runAloe(['quickstart', ...words, ...sizes], {
      ...options,
      env: { OPENAI_API_KEY: 'sk-local', ...options.env },
    });
  };

  test('once: says how many calls it waits for, and journals all their responses', async () => {
    const before = server.seen.length;
    let slow = 0;
    const interrupted = await quickstart('once', {
      onStart(program) {
        server.answer = async (body, response, request) => {
          // The first user messages are concurrent: all three are in flight when the program is interrupted.
          slow += 1;
          if (slow === 3) program.interrupt();
          await program.said('Waiting for paid calls');
          await sleep(SLOW_MS);
          teach(body, response, request);
        };
      },
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toMatch(/^Stopping\. No new calls are made/m);
    expect(interrupted.stderr).toMatch(/^Waiting for paid calls in flight: 3\.$/m);
    expect(interrupted.stderr).toMatch(/^3 model calls \(0 from cache\) in /m);
    expect(interrupted.stderr).toContain('Run the same command again');
    expect(server.seen.length - before).toBe(3);
    expect(journaledPlaces(join(folder, 'once'))).toHaveLength(3);
  });

  test('twice: exits before the responses arrive', async () => {
    const left = Promise.withResolvers<void>();
    let slow = 0;
    const interrupted = await quickstart('twice', {
      onStart(program) {
        server.answer = async (_body, response) => {
          slow += 1;
          if (slow === 3) {
            program.interrupt();
            await program.said('Waiting for paid calls');
            program.interrupt();
          }
          await left.promise;
          send(response, completion('too late'));
        };
      },
    }).finally(left.resolve);
    expect(interrupted.code).toBe(130);
    expect(journaledPlaces(join(folder, 'twice'))).toEqual([]);
  });
});

function journaledPlaces(dir: string): string[] {
  const journal = new DatabaseSync(join(dir, 'journal.sqlite'));
  try {
    return journal
      .prepare('SELECT place FROM calls WHERE model IS NOT NULL')
      .all()
      .map(({ place }) => String(place));
  } finally {
    journal.close();
  }
}
