import {
  appendFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../../src/errors.ts';
import { sha256 } from '../../../src/internal/hash.ts';
import { registerSecret } from '../../../src/redact.ts';
import { fetchArtifacts } from '../../../src/training/fetch-artifacts.ts';
import { listFolderArtifacts } from '../../../src/training/folder/folder-artifacts.ts';
import { failureReason, readFailureReason, readLogFile } from '../../../src/training/folder/folder-logs.ts';
import { readFolderMetrics } from '../../../src/training/folder/folder-metrics.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-folder-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the log of a job', () => {
  test('is read completely while it is written, wherever a piece ends', async () => {
    let files = 0;
    const pieces = fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 5 }), async (texts, size) => {
        const path = join(folder, `log-${files++}`);
        const bytes = Buffer.from(texts.join(''));
        let cursor: string | undefined;
        let read = '';
        for (let start = 0; start < bytes.length; start += size) {
          await appendFile(path, bytes.subarray(start, start + size));
          const piece = await readLogFile(path, cursor, start + size >= bytes.length);
          read += piece.text;
          cursor = piece.cursor;
        }
        expect(read).toBe(bytes.toString());
      }),
      { numRuns: 50 },
    );
  });

  test('is empty before it exists, and is read from the start with an invalid cursor', async () => {
    expect(await readLogFile(join(folder, 'none'))).toEqual({ text: '', cursor: '0' });
    const path = join(folder, 'some');
    await writeFile(path, 'hello\n');
    expect((await readLogFile(path, 'x')).text).toBe('hello\n');
    expect(await readLogFile(path, '99')).toEqual({ text: '', cursor: '99' });
  });

  test.each([0, 5, 12, 30])(
    'shows no key that two pieces would divide after %i characters',
    async (offset) => {
      const key = 'sk-abcdefghij0123456789abcdef';
      const path = join(folder, `divided-${offset}`);
      // The first piece is 1 MiB.
      const filler = 'x'.repeat(2 ** 20 - '\nkey '.length - offset);
      await writeFile(path, `${filler}\nkey ${key} and more\n${'end\n'.repeat(100)}`);
      const first = await readLogFile(path);
      const second = await readLogFile(path, first.cursor);
      expect(first.text + second.text).toContain('key [redacted] and more');
      expect(first.text + second.text).not.toContain('abcde');
    },
  );

  test('shows no part of a known key that is being written when it is read', async () => {
    const key = 'canary-of-no-shape-ä';
    registerSecret(key);
    const path = join(folder, 'growing');
    const written = Buffer.from(`sent ${key} and more\n`);
    for (let cut = 1; cut < written.length; cut++) {
      await writeFile(path, written.subarray(0, cut));
      const first = await readLogFile(path);
      await writeFile(path, written);
      const second = await readLogFile(path, first.cursor);
      const shown = first.text + second.text;
      expect(shown.includes('canary') || shown.includes('shape'), shown).toBe(false);
      expect(shown).toMatch(/^sent .*and more\n$/);
    }
  });

  test('shows all of a log that is complete, also what may be the beginning of a key', async () => {
    registerSecret('¶¶¶-canary-of-no-shape');
    const path = join(folder, 'complete');
    await writeFile(path, 'said ¶¶');
    expect((await readLogFile(path)).text).toBe('said ');
    expect((await readLogFile(path, '0', true)).text).toBe('said ¶¶');
  });

  test('gives the line with the reason, without secrets', async () => {
    const path = join(folder, 'reason');
    await writeFile(path, 'one\n 10%|#\r 20%|##\rValueError: api_key=sk-abcdef1234567890\n\n');
    expect(await readFailureReason(path, 60)).toBe('ValueError: api_key=[redacted]');
    expect(await readFailureReason(join(folder, 'none'), 0)).toBeNull();
  });

  const launcher = (end: string) => `Traceback (most recent call last):
  File "/env/lib/accelerate/commands/launch.py", line 1023, in simple_launcher
    raise subprocess.CalledProcessError(returncode=process.returncode, cmd=cmd)
subprocess.CalledProcessError: Command '['/env/bin/python', 'train_stage.py', 'dpo']' ${end}.
`;
  const FAILED = launcher('returned non-zero exit status 1');
  const TORCHRUN = `E1128 07:00:00.000 91 torch/distributed/elastic/multiprocessing/api.py:984] failed (exitcode: 1)
torch.distributed.elastic.multiprocessing.errors.ChildFailedError:
============================================================
scripts/train_stage.py FAILED
  error_file: <N/A>
  traceback : To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html
============================================================
`;

  test.each<[string, string, string]>([
    ['an exception', `  0%|  | 0/2\r    row = rows["test"]\nKeyError: 'test'\n${FAILED}`, "KeyError: 'test'"],
    ['one without words', `    assert rows\nAssertionError\n${FAILED}`, 'AssertionError'],
    [
      'a word that is refused',
      `usage: train_stage.py [-h]\ntrain_stage.py: error: argument --beta: invalid float value: 'x'\n${FAILED}`,
      "train_stage.py: error: argument --beta: invalid float value: 'x'",
    ],
    [
      'one of several processes',
      `[rank1]: torch.OutOfMemoryError: CUDA out of memory.\n${TORCHRUN}`,
      '[rank1]: torch.OutOfMemoryError: CUDA out of memory.',
    ],
    [
      'a signal, which leaves no other words',
      `ValueError: of the attempt before\n== dpo\n${launcher('died with <Signals.SIGKILL: 9>')}`,
      "subprocess.CalledProcessError: Command '['/env/bin/python', 'train_stage.py', 'dpo']' died with <Signals.SIGKILL: 9>.",
    ],
    ['no exception', 'run.sh: line 31: ./python: No such file\n', 'run.sh: line 31: ./python: No such file'],
  ])('gives the cause, not the launcher’s message: %s', (_what, text, reason) => {
    expect(failureReason(`== dpo\n${'Loading weights: it goes well\n'.repeat(99)}${text}`)).toBe(reason);
  });
});

describe('the metrics of a job', () => {
  async function jobWith(name: string, history: string): Promise<string> {
    const place = join(folder, name);
    const manifest = {
      schema: 'aloe-job-folder/1',
      stages: [
        { name: 'sft', training: 'sft/model' },
        { name: 'dpo', training: 'dpo/model' },
      ],
      outputs: [],
    };
    await mkdir(join(place, 'sft/model'), { recursive: true });
    await writeFile(join(place, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(join(place, 'sft/model/log_history.jsonl'), history);
    return place;
  }

  test('are the logged steps, except for a line that is being written', async () => {
    const place = await jobWith('half', '{"loss":1,"step":1}\n{"loss":2,"step":2}\n{"loss":3,"st');
    expect(await readFolderMetrics(place)).toEqual([
      { stage: 'sft', step: 1, values: { loss: 1 } },
      { stage: 'sft', step: 2, values: { loss: 2 } },
    ]);
  });

  test('contain finite numbers only', async () => {
    const lines = '{"step":1,"loss":NaN,"grad_norm":-Infinity,"lr":0.5,"note":"x"}\n{"epoch":1}\n[]\n';
    const place = await jobWith('nan', lines);
    expect(await readFolderMetrics(place)).toEqual([{ stage: 'sft', step: 1, values: { lr: 0.5 } }]);
  });

  test('of a directory that is not a job’s are an error', async () => {
    await expect(readFolderMetrics(join(folder, 'absent'))).rejects.toThrow(InvalidFileError);
  });
});

describe('the result of a job', () => {
  test('is copied and verified, and missing files are reported', async () => {
    const place = join(folder, 'result');
    await mkdir(join(place, 'sft/model/checkpoint-1'), { recursive: true });
    const manifest = { schema: 'aloe-job-folder/1', stages: [], outputs: ['sft/model'] };
    await writeFile(join(place, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(join(place, 'sft/model/weights'), 'w');
    await writeFile(join(place, 'sft/model/checkpoint-1/weights'), 'old');
    const artifacts = await listFolderArtifacts(place, undefined);
    expect(artifacts.map(({ path, bytes }) => [path, bytes])).toEqual([['sft/model/weights', 1]]);

    const hosted = { path: 'ft:model', location: 'ft:model', bytes: null, sha256: null };
    const out = join(folder, 'out');
    const { copied, elsewhere } = await fetchArtifacts([...artifacts, hosted], out);
    expect(copied).toEqual([join(out, 'sft/model/weights')]);
    expect(elsewhere).toEqual([hosted]);

    const [artifact] = artifacts;
    await expect(fetchArtifacts([{ ...artifact!, path: '../../x' }], out)).rejects.toThrow('points outside');
    await writeFile(join(place, 'sft/model/weights'), 'changed');
    await expect(fetchArtifacts(artifacts, out)).rejects.toThrow('SHA-256 differs');
    expect(await readdir(join(out, 'sft/model'))).toEqual(['weights']);
    expect(await readFile(join(out, 'sft/model/weights'), 'utf8')).not.toBe('changed');
  });

  // Windows has no links for everyone.
  test.skipIf(process.platform === 'win32')('are not copied through a symbolic link', async () => {
    const [source, out, victim] = ['source', 'linked', 'victim'].map((name) => join(folder, name));
    await writeFile(source!, 'weights');
    await writeFile(victim!, 'precious');
    await mkdir(join(out!, 'sft'), { recursive: true });
    await symlink(victim!, join(out!, 'sft/model'));
    const artifact = { location: source!, bytes: 7, sha256: sha256('weights') };
    await fetchArtifacts([{ ...artifact, path: 'sft/model' }], out!);
    expect(await readFile(victim!, 'utf8')).toBe('precious');
    expect((await lstat(join(out!, 'sft/model'))).isFile()).toBe(true);

    await symlink(folder, join(out!, 'away'));
    const away = fetchArtifacts([{ ...artifact, path: 'away/victim' }], out!);
    await expect(away).rejects.toThrow('away/victim: points outside the target directory');
    expect(await readFile(victim!, 'utf8')).toBe('precious');
  });
});
