import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConversations, teeConversations } from '../../../src/conversations/conversation-files.ts';
import type { ConversationTree } from '../../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../../src/conversations/conversation-tree-builder.ts';
import { RunStorageError } from '../../../src/errors.ts';
import { AloeEvaluator } from '../../../src/evaluation/aloe-evaluator.ts';
import { saveEvaluation } from '../../../src/evaluation/evaluation-file.ts';
import { PersonaPool } from '../../../src/personas/persona-pool.ts';
import { trlDpo } from '../../../src/preferences/formats/trl-dpo.ts';
import { PreferenceExporter } from '../../../src/preferences/preference-exporter.ts';
import { writeReport } from '../../../src/report/render-report.ts';
import { openRun, type Run } from '../../../src/runs/run.ts';
import { fakeEmbedder } from '../../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';
import { runAloe } from '../../cli/run-program.ts';
import { beekeepers, cast } from '../../conversations/fakes.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from '../../evaluation/fakes.ts';
import { canMount, mountDisk } from './small-disk.ts';

/** In kilobytes: less than each of these files needs. */
const ROOM = 12;
const BEFORE = 'What was there before.\n';

let folder: string;
let disk: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-full-'));
  disk = join(folder, 'disk');
  await mkdir(disk);
});
afterEach(() => rm(folder, { recursive: true }));

const LONG = 'All is well with the bees, and will be. '.repeat(20);
const roles = () => cast({ preferred: () => LONG, rejected: () => LONG });
const builder = (run?: Run) => new ConversationTreeBuilder({ run, roles: roles(), turns: 3, order: 'input' });
const trees = (): Promise<ConversationTree[]> => Array.fromAsync(builder().build(beekeepers(8)));
const result = () =>
  new AloeEvaluator({ user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(6), turns: 4 }).evaluate(
    fakeCandidate(),
  );

/** Each writes `name` on the disk, and needs more than there is. */
const OUTPUTS: readonly (readonly [what: string, name: string, write: (path: string) => Promise<unknown>])[] =
  [
    [
      'conversations',
      'conversations.jsonl',
      async (path) => Array.fromAsync(teeConversations(await trees(), path)),
    ],
    [
      'training files',
      join('data', 'preferences.jsonl'),
      async () => new PreferenceExporter({ formats: [trlDpo()] }).write(await trees(), join(disk, 'data')),
    ],
    ['an evaluation', 'bare.json', async (path) => saveEvaluation(await result(), path)],
    ['a report', 'report.html', async (path) => writeReport({ conversations: await trees() }, path)],
    [
      'a pool',
      'personas.json',
      async (path) => {
        const sizes = { profiles: 20, personalities: 12 };
        const pool = await PersonaPool.grow({
          model: scriptedModel('{}'),
          embedder: fakeEmbedder(),
          ...sizes,
        });
        await pool.save(path);
      },
    ],
  ];

describe.runIf(await canMount())('a disk that is full', () => {
  test.each(OUTPUTS)(
    'is told as such when it has no room for %s, and what was there stays',
    async (_what, name, write) => {
      mountDisk(disk, ROOM);
      try {
        const path = join(disk, name);
        await mkdir(join(path, '..'), { recursive: true });
        await writeFile(path, BEFORE);
        const left = await readdir(join(path, '..'));
        const failed = write(path);
        await expect(failed).rejects.toThrow(RunStorageError);
        await expect(failed).rejects.toThrow(
          /cannot be written \(ENOSPC.*A file that was there before is unchanged, and finished calls of a run are safe in its journal\. Free disk space/,
        );
        expect(await readFile(path, 'utf8')).toBe(BEFORE);
        expect(await readdir(join(path, '..'))).toEqual(left);
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );

  test('costs no call: with room, the same run replays and writes all of it', async () => {
    mountDisk(disk, ROOM);
    try {
      const path = join(disk, 'conversations.jsonl');
      const first = await openRun(join(folder, 'run'), { seed: 7 });
      await expect(
        Array.fromAsync(teeConversations(builder(first).build(beekeepers(8)), path)),
      ).rejects.toThrow(`${path} cannot be written (ENOSPC`);
      const { calls } = first.stats();
      expect(calls).toBeGreaterThan(0);
      await first.close();
      execFileSync('mount', ['-o', 'remount,size=4m', disk]);
      const second = await openRun(join(folder, 'run'), { seed: 7 });
      const played = await Array.fromAsync(teeConversations(builder(second).build(beekeepers(8)), path));
      expect(second.stats().replayed).toBe(calls);
      await second.close();
      expect(await Array.fromAsync(readConversations(path))).toEqual(played);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('ends a command with status 1 and a sentence', { timeout: 60_000 }, async () => {
    const source = join(folder, 'conversations.jsonl');
    await Array.fromAsync(teeConversations(await trees(), source));
    mountDisk(disk, ROOM);
    try {
      const words = ['export', '--conversations', source, '--out', join(disk, 'data')];
      const { code, stderr } = await runAloe(words, { cwd: folder });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Error: .*cannot be written \(ENOSPC.*Free disk space/m);
      expect(stderr).not.toMatch(/\n {4}at /);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
