import { isAbsolute } from 'node:path';
import * as z from 'zod';
import type { JsonValue } from '../../json-value.ts';
import type { TrainingFile, TrainingJob, TrainingResources } from './training-job.ts';

// Messages are nouns: they follow the word "expected".

/** Shells and operating systems end a text at the first NUL byte. */
const text = z.string('a text').regex(/^[^\0]*$/, 'a text without NUL bytes');
const label = text.regex(/\S/, 'a non-empty string');

const file: z.ZodType<TrainingFile> = z.strictObject({
  path: text.refine((path) => isAbsolute(path), 'an absolute path'),
  sha256: z.string('a SHA-256 in hex').regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex'),
});

const optionValue: z.ZodType<JsonValue> = z.json();

const STAGE_NAME = 'names made of letters, digits, - and _ that do not begin with -';

const stage = z.strictObject({
  name: z.string(STAGE_NAME).regex(/^\w[\w-]*$/, STAGE_NAME),
  method: z.enum(['sft', 'dpo'], 'sft or dpo'),
  train: file,
  validation: file.optional(),
  from: z.string('the name of an earlier stage').optional(),
  options: z.record(z.string(), optionValue, 'options by name'),
});

function whole(min: number): z.ZodInt {
  const expected = `a whole number of at least ${min}`;
  return z.int(expected).min(min, expected);
}

/** Schema of {@link TrainingResources}. */
export const resourcesSchema: z.ZodType<TrainingResources> = z.strictObject({
  gpus: whole(0),
  nodes: whole(1),
  cpus: whole(1).optional(),
  memoryGiB: whole(1).optional(),
  timeLimitMinutes: whole(1).optional(),
  gpuKind: label.optional(),
});

/** Every way to launch. */
export const LAUNCHES: readonly TrainingJob['launch'][] = [
  'single',
  'ddp',
  'fsdp2',
  'fsdp2-offload',
  'zero3',
  'zero3-offload',
];

/** Schema of a {@link TrainingJob}, which may come from a file. Names of variables and options are checked separately. */
export const trainingJobSchema: z.ZodType<TrainingJob> = z.strictObject({
  schema: z.literal('aloe-training-job/1', '"aloe-training-job/1"'),
  name: label,
  base: label,
  stages: z.array(stage, 'a list of stages').min(1, 'at least one stage'),
  resources: resourcesSchema,
  launch: z.enum(LAUNCHES, `one of ${LAUNCHES.join(', ')}`),
  environment: z.record(z.string(), text, 'variables by name'),
});
