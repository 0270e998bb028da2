import { existsSync } from 'node:fs';
import { displayed } from '../../internal/displayed.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../../internal/options.ts';
import type { Tokenizer } from '../../tokenizers/tokenizer.ts';
import { checkJob } from '../job/check-job.ts';
import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import { countRows, type RowCounts } from './count-rows.ts';
import { describePlan } from './describe-plan.ts';
import { findGpu, type Gpu } from './gpus.ts';
import { estimateMemory, maxLengthOf, peakHostMemory } from './job-memory.ts';
import { type ModelFacts, readModelFacts } from './model-facts.ts';
import { proposeChanges } from './propose-changes.ts';
import { shapeOfStage } from './stage-shape.ts';
import { countSteps, processesOf } from './stage-steps.ts';
import { estimateDisk } from './training-disk.ts';
import type { StagePlan, TrainingPlan } from './training-plan.ts';
import { operationsPerToken, tokensPerSecond, USUAL_UTILISATION } from './training-speed.ts';
import { findShortStage } from './warm-up.ts';

/** Options of {@link planTraining}. */
export interface PlanTrainingOptions {
  /**
   * Facts of the base model. Default: read from the base's directory. Without them, as for a name on the hub, memory and hours
   * are null; `inspectModel()` reads them with the trainer's Python.
   */
  readonly model?: ModelFacts | undefined;
  /** A kind of GPU, such as `H100`, or a memory size, such as `48GB`. Default: the job's `resources.gpuKind`. */
  readonly gpu?: string | Gpu | undefined;
  /** Measured tokens per second per GPU, for all stages. Default: computed from the GPU's peak. */
  readonly tokensPerSecond?: number | undefined;
  /** Share of the GPU's peak that training reaches, from 0 to 1. Default 0.35. */
  readonly utilisation?: number | undefined;
  /** US dollars for one GPU and hour. Default: cost is not computed. */
  readonly usdPerGpuHour?: number | undefined;
  /** The base model's tokenizer. Default: 4 characters count as a token, and sequences as full length. */
  readonly tokenizer?: Tokenizer | undefined;
  /** Version of TRL that trains: from 1.15 on, DPO needs far less memory for logits. Default: the tested one, 1.13. */
  readonly trl?: string | undefined;
  /** Stops reading the data. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Computes what a job needs, before anything is spent: memory of each GPU and of the host, disk space, steps, tokens, hours and
 * dollars. Reads the data files; trains and sends nothing.
 *
 * @throws InvalidOptionError for an invalid option, an unknown GPU, or a job that is invalid.
 * @throws InvalidFileError when a data file or the base's config cannot be read.
 * @example
 * ```ts
 * import { interactToAlign, planTraining } from 'aloe-align/training';
 *
 * const job = await interactToAlign({ base: './base', dpo: 'data/trl-dpo.train.jsonl', preset: 'paper', resources: { gpus: 8 } });
 * const plan = await planTraining(job, { gpu: 'A100-80GB', usdPerGpuHour: 2 });
 * console.log(plan);
 * ```
 */
export async function planTraining(
  given: TrainingJob,
  options: PlanTrainingOptions = {},
): Promise<TrainingPlan> {
  const job = checkJob(given);
  const { utilisation = USUAL_UTILISATION, usdPerGpuHour } = checkOptions(options);
  const model = options.model ?? (existsSync(job.base) ? await readModelFacts(job.base) : null);
  const gpu = gpuOf(job, options.gpu);
  const counts = new Map<string, RowCounts>();
  for (const stage of job.stages) {
    counts.set(stage.name, await countRows(stage, maxLengthOf(stage, model), options));
  }
  const lengths = options.tokenizer === undefined ? {} : knownLengths(job, counts);
  const memory = model === null ? null : estimateMemory(job, { model, lengths, trl: options.trl });

  const stages = job.stages.map((stage): StagePlan => {
    const maxLength = maxLengthOf(stage, model);
    const count = counts.get(stage.name)!;
    const steps = countSteps(job, stage, count, maxLength);
    const speed = options.tokensPerSecond ?? speedOf({ job, stage, model, gpu, utilisation, count });
    const tokensEachSecond = speed === null ? null : speed * processesOf(job);
    return {
      name: stage.name,
      rows: count.rows,
      length: lengths[stage.name] ?? maxLength,
      ...steps,
      memory: memory?.[stage.name] ?? null,
      tokensPerSecond: tokensEachSecond,
      hours: tokensEachSecond === null ? null : steps.tokens / tokensEachSecond / 3_600,
    };
  });
  const bytes = gpu === null ? null : gpu.memoryGiB * 2 ** 30;
  const needs = memory === null ? null : Math.max(...Object.values(memory).map(({ total }) => total));
  const fits = bytes === null || needs === null ? null : needs <= bytes;
  const hours = stages.reduce<number | null>(
    (sum, stage) => (sum === null || stage.hours === null ? null : sum + stage.hours),
    0,
  );
  const gpus = job.resources.gpus * job.resources.nodes;
  const plan: TrainingPlan = {
    schema: 'aloe-training-plan/1',
    model,
    gpu,
    gpus,
    stages,
    fits,
    proposal:
      fits === false
        ? proposeChanges(job, { model: model!, lengths, trl: options.trl, bytes: bytes! })
        : null,
    hostBytes: model === null ? null : peakHostMemory(job, model),
    diskBytes: model === null ? null : estimateDisk(job, model),
    hours,
    usd: hours === null || usdPerGpuHour === undefined ? null : hours * gpus * usdPerGpuHour,
    warnings: job.stages.flatMap((stage, index) => {
      const short = findShortStage(stage, stages[index]!.steps);
      return short === null ? [] : [`${short.message} ${short.remedy}`];
    }),
    basis: basisOf(job, { ...options, model: model ?? undefined, utilisation }, gpu),
  };
  return displayed(plan, describePlan);
}

function checkOptions(options: PlanTrainingOptions): PlanTrainingOptions {
  checkKnownOptions<PlanTrainingOptions>('planTraining()', options, {
    model: true,
    gpu: true,
    tokensPerSecond: true,
    utilisation: true,
    usdPerGpuHour: true,
    tokenizer: true,
    trl: true,
    signal: true,
  });
  const { tokensPerSecond: speed, utilisation, usdPerGpuHour, tokenizer } = options;
  if (speed !== undefined) checkNumber('tokensPerSecond', speed, { above: 0 });
  if (usdPerGpuHour !== undefined) checkNumber('usdPerGpuHour', usdPerGpuHour, { min: 0 });
  if (utilisation !== undefined) checkNumber('utilisation', utilisation, { above: 0, max: 1 });
  if (tokenizer !== undefined) checkMethod('tokenizer', tokenizer, 'countTokens', 'a tokenizer');
  return options;
}

function gpuOf({ resources }: TrainingJob, given: string | Gpu | undefined): Gpu | null {
  if (resources.gpus === 0) return null;
  const named = given ?? resources.gpuKind;
  if (named === undefined) return null;
  return typeof named === 'string' ? findGpu(named) : named;
}

/** Longest sequence by stage. Packed sequences are always full. */
function knownLengths(
  job: TrainingJob,
  counts: ReadonlyMap<string, RowCounts>,
): Readonly<Record<string, number>> {
  const entries = job.stages
    .filter(({ options }) => options.packing !== true)
    .map(({ name }) => [name, counts.get(name)!.longest] as const);
  return Object.fromEntries(entries.filter(([, longest]) => longest > 0));
}

interface SpeedQuestion {
  readonly job: TrainingJob;
  readonly stage: TrainingStage;
  readonly model: ModelFacts | null;
  readonly gpu: Gpu | null;
  readonly utilisation: number;
  readonly count: RowCounts;
}

function speedOf({ job, stage, model, gpu, utilisation, count }: SpeedQuestion): number | null {
  if (model === null || gpu === null || count.rows === 0) return null;
  const sequences = count.rows * (stage.method === 'dpo' ? 2 : 1);
  const meanLength = stage.options.packing === true ? maxLengthOf(stage, model) : count.tokens / sequences;
  const operations = operationsPerToken(model, shapeOfStage(job, stage, model), meanLength);
  return tokensPerSecond(operations, gpu, utilisation);
}

function basisOf(
  { base, resources }: TrainingJob,
  { model, tokenizer, tokensPerSecond: speed, utilisation }: PlanTrainingOptions,
  gpu: Gpu | null,
): string[] {
  const share = `${Math.round(utilisation! * 100)} %`;
  const basis = [
    tokenizer === undefined
      ? 'Tokens: 4 characters each, and memory for sequences of full length, as there is no tokenizer.'
      : `Tokens: counted by ${tokenizer.id}; memory for the longest row.`,
  ];
  if (model === undefined) basis.push(`Memory and hours: unknown, as the config of ${base} was not read.`);
  else if (resources.gpus === 0) basis.push('Hours: unknown on CPUs.');
  else if (speed !== undefined) basis.push(`Hours: ${speed} tokens per second per GPU, as given.`);
  else if (gpu === null) basis.push('Hours: unknown without a kind of GPU.');
  else if (gpu.bf16Tflops === null) basis.push(`Hours: unknown, as the speed of ${gpu.name} is.`);
  else
    basis.push(
      `Hours: ${share} of the ${gpu.bf16Tflops} Tflop/s of ${gpu.name}, without loading and saving.`,
    );
  return basis;
}
