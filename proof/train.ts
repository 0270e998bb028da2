import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { JsonValue } from '../src/json-value.ts';
import { packGguf, unpackGguf } from '../src/reproduce/gguf-weights.ts';
import { local } from '../src/training/backends/local.ts';
import { followTraining } from '../src/training/follow-training.ts';
import { interactToAlign } from '../src/training/job/interact-to-align.ts';
import type { TrainingMetric } from '../src/training/training-backend.ts';

type Options = Readonly<Record<string, JsonValue>>;

/** Options shared by SFT and DPO. */
const SHARED: Options = { lora_r: 16, lora_alpha: 32, max_length: 1_024, gradient_checkpointing: false };

/** Rows per step, one at a time: on a CPU, batches gain nothing and need padding. */
const rowsAStep = (rows: number, gpus: number): Options =>
  gpus > 0
    ? { per_device_train_batch_size: rows, gradient_accumulation_steps: 1, bf16: true }
    : { per_device_train_batch_size: 1, gradient_accumulation_steps: rows };

/** Where to train, and from which model. */
export interface Workshop {
  readonly python: string;
  /** The base model as a GGUF file. */
  readonly weights: string;
  /** The base model as a Hugging Face directory. */
  readonly base: string;
  /** 1, or 0 to train on CPUs. */
  readonly gpus: number;
  readonly folder: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** The result of a job: one GGUF file per stage, in order, and the trainers' logs. */
export interface Trained {
  readonly models: readonly string[];
  readonly metrics: readonly TrainingMetric[];
}

/** The embedded model as a directory that trainers can read. */
export function prepareBase({ python, weights, base, signal }: Workshop): Promise<void> {
  return unpackGguf(weights, base, { python, signal });
}

/** Converts a model directory to an 8-bit GGUF file beside it. Base and tuned models lose the same precision. */
export function packModel(model: string, { python, weights, signal }: Workshop): Promise<string> {
  return packGguf(model, weights, { python, signal });
}

/** Trains on this machine and converts the result of each stage to GGUF. */
export async function train(
  name: string,
  data: { readonly sft: string; readonly dpo?: string | undefined },
  workshop: Workshop,
): Promise<Trained> {
  const { python, base, gpus, folder, say, signal } = workshop;
  const job = await interactToAlign({
    name,
    base,
    ...data,
    sftOptions: { ...SHARED, ...rowsAStep(4, gpus), learning_rate: 1e-3, num_train_epochs: 2 },
    dpoOptions: { ...SHARED, ...rowsAStep(8, gpus), learning_rate: 5e-5, num_train_epochs: 0.5, beta: 0.1 },
    resources: { gpus },
    environment: { OMP_NUM_THREADS: String(availableParallelism()), HF_HUB_OFFLINE: '1' },
    signal,
  });
  const backend = local({ dir: join(folder, 'training'), python });
  const handle = await backend.submit(job, { signal });
  for await (const event of followTraining(backend, handle, { signal })) {
    if (event.type === 'metric-logged') say(`  ${name}: ${describeStep(event.metric)}`);
    if (event.type === 'state-changed') say(`  ${name}: ${event.status.state}`);
  }
  const { state, reason } = await backend.status(handle, { signal });
  if (state !== 'succeeded') {
    throw new Error(`${name} ${state}: ${reason ?? 'no reason given'} (see ${handle.location.folder})`);
  }
  const models: string[] = [];
  for (const stage of job.stages) {
    models.push(await packModel(join(handle.location.folder!, stage.name, 'model'), workshop));
  }
  return { models, metrics: await backend.metrics(handle, { signal }) };
}

function describeStep({ stage, step, values }: TrainingMetric): string {
  const shown = ['loss', 'rewards/margins', 'rewards/accuracies'].flatMap((key) =>
    values[key] === undefined ? [] : [`${key} ${values[key].toFixed(3)}`],
  );
  return `${stage} step ${step}: ${shown.join(', ')}`;
}
