import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TrainingError } from '../../src/errors.ts';
import { writeFakeTrainer } from '../../src/testing/fake-trainer.ts';
import { local } from '../../src/training/backends/local.ts';
import { followTraining, type TrainingEvent } from '../../src/training/follow-training.ts';
import type { TrainingBackend, TrainingHandle } from '../../src/training/training-backend.ts';
import { writeGatedTrainer } from './gated-trainer.ts';
import { makeSmallJob } from './small-job.ts';

let folder: string;
let backend: TrainingBackend;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-follow-'));
  backend = local({ dir: join(folder, 'jobs'), python: await writeFakeTrainer(join(folder, 'python')) });
});
afterAll(() => rm(folder, { recursive: true }));

async function submit(environment: Record<string, string>): Promise<TrainingHandle> {
  return backend.submit(await makeSmallJob(join(folder, 'data'), { environment }));
}

async function collect(handle: TrainingHandle): Promise<TrainingEvent[]> {
  return Array.fromAsync(followTraining(backend, handle, { pollMs: 20 }));
}

describe('followTraining', () => {
  test('reports every step once, the whole log, and the end last', async () => {
    const gate = join(folder, 'gate');
    const gated = await writeGatedTrainer(join(folder, 'gated'), join(folder, 'python'));
    const waiting = local({ dir: join(folder, 'jobs'), python: gated });
    const handle = await waiting.submit(
      await makeSmallJob(join(folder, 'data'), { environment: { GATE: gate } }),
    );
    // The script names its first step, then the trainer waits until that was reported.
    const onEvent = ({ type }: TrainingEvent) => type === 'log-written' && writeFileSync(gate, '');
    const events = await Array.fromAsync(followTraining(backend, handle, { pollMs: 20, onEvent }));
    const states = events.filter((event) => event.type === 'state-changed').map(({ status }) => status.state);
    expect(states).toEqual(['running', 'succeeded']);
    expect(events.at(-1)).toMatchObject({ type: 'state-changed', status: { exitCode: 0 } });
    const steps = events
      .filter((event) => event.type === 'metric-logged')
      .map(({ metric }) => `${metric.stage} ${metric.step}`);
    expect(steps).toEqual(['sft 1', 'sft 2', 'sft 3', 'dpo 1', 'dpo 2', 'dpo 3']);
    const log = events.filter((event) => event.type === 'log-written').map(({ text }) => text);
    expect(log.join('')).toBe((await backend.logs(handle)).text);
    expect(log.length).toBeGreaterThan(1);
  });

  test('reports the same for a job that has ended, and can continue from a cursor', async () => {
    const handle = await submit({});
    const first = await collect(handle);
    const again = await collect(handle);
    const metrics = (events: readonly TrainingEvent[]) =>
      events.filter(({ type }) => type === 'metric-logged');
    expect(metrics(again)).toEqual(metrics(first));
    const { cursor } = await backend.logs(handle);
    const rest = await Array.fromAsync(followTraining(backend, handle, { pollMs: 20, cursor }));
    expect(rest.filter(({ type }) => type === 'log-written')).toEqual([]);
  });

  test('reports why a job failed, after its log', async () => {
    const events = await collect(await submit({ FAKE_EXIT_CODE: '4' }));
    expect(events.at(-1)).toEqual({
      type: 'state-changed',
      status: { state: 'failed', exitCode: 4, reason: 'ValueError: told to fail' },
    });
    expect(events.some((event) => event.type === 'log-written' && event.text.includes('told to fail'))).toBe(
      true,
    );
  });

  test('continues when the engine is unreachable for a while, and stops if that lasts', async () => {
    const handle = await submit({});
    let failures = 0;
    const shaky: TrainingBackend = {
      ...backend,
      status: async (of) => {
        failures += 1;
        if (failures <= 2) throw new TrainingError('shaky', 'Socket timed out.');
        return backend.status(of);
      },
    };
    const events = await Array.fromAsync(followTraining(shaky, handle, { pollMs: 20 }));
    expect(events.filter(({ type }) => type === 'poll-failed')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: 'state-changed', status: { state: 'succeeded' } });

    failures = 100;
    const gone: TrainingBackend = {
      ...shaky,
      logs: () => Promise.reject(new TrainingError('shaky', 'Gone.')),
    };
    await expect(
      Array.fromAsync(followTraining(gone, handle, { pollMs: 5, patienceMs: 20 })),
    ).rejects.toThrow('Gone.');
  });

  test('an abort stops following with its reason, and leaves the job alone', async () => {
    const handle = await submit({ FAKE_STEP_SECONDS: '600' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const following = Array.fromAsync(
      followTraining(backend, handle, {
        pollMs: 60_000,
        signal: controller.signal,
        onEvent: () => controller.abort(reason),
      }),
    );
    await expect(following).rejects.toBe(reason);
    expect((await backend.status(handle)).state).toBe('running');
    await backend.cancel(handle);
  });
});
