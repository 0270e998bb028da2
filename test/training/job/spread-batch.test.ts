import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainingPreset } from '../../../src/training/job/presets.ts';
import { spreadBatch } from '../../../src/training/job/spread-batch.ts';

const { sft, dpo } = trainingPreset('paper');

function batch(options: Readonly<Record<string, unknown>>, processes: number): number {
  return (
    Number(options.per_device_train_batch_size) * Number(options.gradient_accumulation_steps) * processes
  );
}

test('a step of the paper preset learns from 48 rows on any number of GPUs that divides 48', () => {
  for (const processes of [1, 2, 3, 4, 6, 8, 12, 16, 24, 48]) {
    for (const preset of [sft, dpo]) {
      expect(batch({ ...preset, ...spreadBatch('sftOptions', preset, {}, processes) }, processes)).toBe(48);
    }
  }
  expect(spreadBatch('dpoOptions', dpo, {}, 16)).toEqual({
    per_device_train_batch_size: 3,
    gradient_accumulation_steps: 1,
  });
});

test('the batch is never another one without being asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.option(fc.integer({ min: 1, max: 60 })),
      (processes, rows) => {
        const own = rows === null ? {} : { per_device_train_batch_size: rows };
        try {
          expect(batch(spreadBatch('dpoOptions', dpo, own, processes), processes)).toBe(48);
        } catch (error) {
          expect((error as Error).message).toContain('cannot be divided evenly');
        }
      },
    ),
  );
});

test("the user's own accumulation is kept", () => {
  expect(spreadBatch('sftOptions', sft, { gradient_accumulation_steps: 5 }, 7)).toEqual({});
});

test('a number of GPUs that does not divide the batch is an error that says what to set', () => {
  expect(() => spreadBatch('dpoOptions', dpo, {}, 5)).toThrow(
    'A step of 48 rows cannot be divided evenly among 5 processes. Set dpoOptions.gradient_accumulation_steps',
  );
});
