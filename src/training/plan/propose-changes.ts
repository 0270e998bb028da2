import type { JsonValue } from '../../json-value.ts';
import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import { estimateMemory, type MemoryBasis, peakMemory } from './job-memory.ts';
import { numberIn } from './stage-shape.ts';

/** Changes that make a job fit. They cost time, and leave batch, learning rate and data as they are. */
export interface TrainingProposal {
  /** The job with the changes. */
  readonly job: TrainingJob;
  /** Another launch, if it changed. */
  readonly launch: TrainingJob['launch'] | null;
  /** Changed options, by name of the stage. */
  readonly options: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** Memory of one GPU with the changes, in bytes. */
  readonly bytes: number;
}

interface Limits extends MemoryBasis {
  /** Memory of one GPU. */
  readonly bytes: number;
}

/**
 * The smallest changes that make a job fit, tried in order of what they cost: gradient checkpointing, smaller micro batches with
 * more accumulation, sharded weights, reference log-probabilities computed before training (not with FSDP2), offload to the host.
 *
 * @returns null if it does not fit even with all of them.
 */
export function proposeChanges(job: TrainingJob, limits: Limits): TrainingProposal | null {
  let changed = job;
  for (const change of CHANGES) {
    for (let next = change(changed, limits); next !== null; next = change(changed, limits)) {
      changed = next;
      const bytes = peakMemory(changed, limits);
      if (bytes <= limits.bytes) return describeChange(job, changed, bytes);
    }
  }
  return null;
}

/** Null where nothing is left to change. */
type Change = (job: TrainingJob, limits: Limits) => TrainingJob | null;

const CHANGES: readonly Change[] = [
  forTooLarge(({ options }) =>
    options.gradient_checkpointing === false ? { gradient_checkpointing: true } : null,
  ),
  forTooLarge(smallerMicroBatch),
  shard,
  precompute,
  offload,
];

/** Saves the second model of DPO. TRL (1.13 to 1.16) computes the log-probabilities before FSDP has placed the weights: not there. */
function precompute(job: TrainingJob, limits: Limits): TrainingJob | null {
  if (job.launch.startsWith('fsdp2')) return null;
  return forTooLarge(({ method, options }) => {
    const hasCopy =
      method === 'dpo' && options.use_peft !== true && options.precompute_ref_log_probs !== true;
    const isAllowed = options.sync_ref_model !== true && options.use_liger_kernel !== true;
    return hasCopy && isAllowed ? { precompute_ref_log_probs: true } : null;
  })(job, limits);
}

/** Changes the options of the stages that do not fit. */
function forTooLarge(change: (stage: TrainingStage) => TrainingStage['options'] | null): Change {
  return (job, limits) => {
    const memory = estimateMemory(job, limits);
    let isChanged = false;
    const stages = job.stages.map((stage) => {
      const options = memory[stage.name]!.total > limits.bytes ? change(stage) : null;
      if (options === null) return stage;
      isChanged = true;
      return { ...stage, options: { ...stage.options, ...options } };
    });
    return isChanged ? { ...job, stages } : null;
  };
}

/** The next smaller micro batch that divides the batch evenly. */
function smallerMicroBatch({ options }: TrainingStage): TrainingStage['options'] | null {
  const rows = numberIn(options.per_device_train_batch_size, 8);
  const batch = rows * numberIn(options.gradient_accumulation_steps, 1);
  for (let fewer = rows - 1; fewer >= 1; fewer -= 1) {
    if (batch % fewer === 0) {
      return { per_device_train_batch_size: fewer, gradient_accumulation_steps: batch / fewer };
    }
  }
  return null;
}

function shard(job: TrainingJob): TrainingJob | null {
  const { gpus, nodes } = job.resources;
  if (job.launch !== 'ddp' || gpus * nodes === 1 || isQuantised(job)) return null;
  const precomputes = job.stages.some(({ options }) => options.precompute_ref_log_probs === true);
  return { ...job, launch: precomputes ? 'zero3' : 'fsdp2' };
}

function offload(job: TrainingJob): TrainingJob | null {
  // Of one GPU, only DeepSpeed moves states to the host.
  const next = { fsdp2: 'fsdp2-offload', zero3: 'zero3-offload', single: 'zero3-offload' } as const;
  if (isQuantised(job) || job.resources.gpus === 0 || !(job.launch in next)) return null;
  return { ...job, launch: next[job.launch as keyof typeof next] };
}

/** bitsandbytes' weights need special care in both. */
function isQuantised({ stages }: TrainingJob): boolean {
  return stages.some(({ options }) => options.load_in_4bit === true || options.load_in_8bit === true);
}

function describeChange(before: TrainingJob, job: TrainingJob, bytes: number): TrainingProposal {
  const options = job.stages.flatMap((stage, index) => {
    const old = before.stages[index]!.options;
    const changed = Object.entries(stage.options).filter(([name, value]) => old[name] !== value);
    return changed.length === 0 ? [] : [[stage.name, Object.fromEntries(changed)] as const];
  });
  const launch = job.launch === before.launch ? null : job.launch;
  return { job, launch, options: Object.fromEntries(options), bytes };
}
