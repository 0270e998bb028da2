import { expect, test } from 'vitest';
import { recordedModel } from '../../src/demo/recorded-model.ts';
import type { Recording } from '../../src/demo/recording.ts';
import { memoryRun } from '../../src/runs/run.ts';

const RECORDING: Recording = {
  schema: 'aloe-demo/1',
  about: 'Two answers.',
  date: '2026-11',
  answers: { 'songs/first/1/writer/0': ['La la.', 12, 3], 'songs/first/1/writer/1': ['Tra la.', 12, 4] },
};
const model = recordedModel(RECORDING);
const place = { task: 'songs', subject: 'first', turn: 1, role: 'writer' };

test.each(['Write a song.', 'Hum something, in other words.'])(
  'answers by place, whatever it is asked: %s',
  async (content) => {
    const messages = [{ role: 'user', content }] as const;
    expect(await model.generate({ messages }, { place })).toEqual({
      text: 'La la.',
      finishReason: 'stop',
      usage: { inputTokens: 12, cachedInputTokens: 0, outputTokens: 3 },
    });
    expect(await model.generate({ messages }, { place: { ...place, sample: 1 } })).toMatchObject({
      text: 'Tra la.',
    });
  },
);

test.each([
  [{ ...place, subject: 'second' }, 'songs/second/1/writer/0'],
  [{ ...place, subject: 'toString' }, 'songs/toString/1/writer/0'],
  [undefined, 'a call without a place'],
])(
  'says which answer it does not have, and that it plays the recorded study only: %j',
  async (other, named) => {
    const call = model.generate({ messages: [] }, { place: other });
    await expect(call).rejects.toThrow(named);
    await expect(call).rejects.toThrow('It plays only the recorded study');
    await expect(call).rejects.toMatchObject({ code: 'run-storage' });
  },
);

test('a run does not take a missing answer for one failed reply', async () => {
  const run = memoryRun();
  await expect(run.model(model).generate({ messages: [] }, { place: { ...place, turn: 2 } })).rejects.toThrow(
    'songs/first/2/writer/0',
  );
  expect(run.stats().calls).toBe(0);
});

test('an aborted call gets the reason', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(model.generate({ messages: [] }, { place, signal })).rejects.toThrow('enough');
});
