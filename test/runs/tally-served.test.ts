import { expect, test } from 'vitest';
import type { ServedIdentity } from '../../src/models/chat-model.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { type ServedCount, ServedTally } from '../../src/runs/served/tally-served.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const CALLS = 500;

/** What is counted if a server describes its answers like this, one after the other. */
async function tally(servedBy: (call: number) => ServedIdentity): Promise<readonly ServedCount[]> {
  const served = new ServedTally();
  const run = memoryRun();
  const model = served
    .around(run)
    .model(
      scriptedModel((_request, _options, call) => ({ text: 'hi', served: servedBy(call) }), { id: 'odd' }),
    );
  for (let call = 0; call < CALLS; call++) {
    await model.generate({ messages: [{ role: 'user', content: `${call}` }] });
  }
  await run.close();
  return served.result();
}

const total = (counts: readonly ServedCount[]) => counts.reduce((sum, { answers }) => sum + answers, 0);

test('a server that invents a fingerprint with every answer does not fill a result', async () => {
  const counts = await tally((call) => ({
    model: 'gpt',
    fingerprint: call % 2 === 0 ? 'fp_usual' : `fp_${call}`,
  }));
  expect(counts).toHaveLength(33);
  expect(total(counts)).toBe(CALLS);
  expect(counts).toContainEqual({ id: 'odd', model: 'gpt', fingerprint: 'fp_usual', answers: CALLS / 2 });
  expect(counts).toContainEqual({
    id: 'odd',
    model: 'gpt',
    fingerprint: '(others)',
    answers: CALLS / 2 - 31,
  });
});

test('nor does one that invents a model and a fingerprint, and answers without a name stay apart', async () => {
  const invented = (call: number) =>
    call === 7 ? {} : { model: `m-${call % 400}`, fingerprint: `fp_${call}` };
  const counts = await tally(invented);
  expect(counts.length).toBeLessThan(150);
  expect(total(counts)).toBe(CALLS);
  expect(new Set(counts.map(({ model }) => model)).size).toBe(34);
  expect(counts).toContainEqual({ id: 'odd', model: null, fingerprint: null, answers: 1 });
  // In whatever order they come.
  expect(await tally((call) => invented(CALLS - 1 - call))).toEqual(counts);
});

test('a counted model can be given to the run again, and to another tally, which counts too', async () => {
  const run = memoryRun();
  const [first, second] = [new ServedTally(), new ServedTally()];
  const bare = scriptedModel('hi');
  const counted = first.around(run).model(bare);
  const request = { messages: [{ role: 'user' as const, content: 'Hello' }] };
  expect((await run.model(counted).generate(request)).text).toBe('hi');
  expect((await second.around(run).model(counted).generate(request)).text).toBe('hi');
  expect(run.stats()).toMatchObject({ calls: 1, replayed: 1 });
  expect([total(first.result()), total(second.result())]).toEqual([2, 1]);
  await run.close();
});

test('a run that is counted follows the concurrency that it is retuned to', () => {
  const run = memoryRun();
  const counted = new ServedTally().around(run);
  run.steering!.retune({ concurrency: 3 });
  expect(counted.concurrency).toBe(3);
});
