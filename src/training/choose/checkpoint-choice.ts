import { aloeCaseTags } from '../../benchmark/aloe-cases.ts';
import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { compareEvaluations } from '../../evaluation/compare-evaluations.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { adjustPValues } from '../../metrics/adjust-p-values.ts';
import type { PairedEstimate } from '../../metrics/index.ts';
import type { Checkpoint } from './checkpoints.ts';

/** A checkpoint and how well it is aligned with the validation people. */
export interface MeasuredCheckpoint extends Checkpoint {
  /** The job's name, and the hash of its content. */
  readonly job: { readonly name: string; readonly id: string };
  /** The trainer's loss on the validation rows at this step. Null if the job has none. */
  readonly evalLoss: number | null;
  /** Its evaluation. `average` is the mean alignment level. */
  readonly result: EvaluationResult;
}

/** A measured checkpoint, compared with the chosen one. */
export interface RankedCheckpoint extends MeasuredCheckpoint {
  /**
   * The chosen one minus this one, on the responses that all checkpoints have a score for. `adjustedPValue` is adjusted for the
   * number of checkpoints. Null for the chosen one.
   */
  readonly behind: PairedEstimate | null;
}

/** Which checkpoint is aligned best, and how sure that is. */
export interface CheckpointChoice {
  /** The highest average alignment level; of equal ones the earliest. */
  readonly chosen: RankedCheckpoint;
  /** All that were measured, in the order of jobs and steps. */
  readonly checkpoints: readonly RankedCheckpoint[];
  /** The second highest. Null if there is no other. */
  readonly runnerUp: RankedCheckpoint | null;
  /** The last of the chosen one's job: what the training would have left. */
  readonly last: RankedCheckpoint;
  /** The lowest loss of the chosen one's job: what the trainer would choose. Null without validation rows. */
  readonly lowestLoss: RankedCheckpoint | null;
  /** Where a job was stopped because alignment no longer improved. */
  readonly stopped: readonly { readonly job: string; readonly stage: string; readonly step: number }[];
  /** Directory of the chosen one's complete weights. Null unless `out` was given. */
  readonly model: string | null;
  /** What makes the choice less sure than it looks. */
  readonly warnings: readonly string[];
}

/** Below this, two checkpoints are said to differ. */
const SIGNIFICANT = 0.05;

/**
 * Whether a checkpoint may be as good as the chosen one: its difference could be chance.
 *
 * @returns null if there are too few people to say.
 */
export function isWithinNoise({ behind }: RankedCheckpoint): boolean | null {
  if (behind === null) return true;
  return behind.adjustedPValue === null ? null : behind.adjustedPValue >= SIGNIFICANT;
}

/** Ranks what was measured. There is at least one checkpoint. */
export function rankCheckpoints(
  measured: readonly MeasuredCheckpoint[],
): Pick<CheckpointChoice, 'chosen' | 'checkpoints' | 'runnerUp' | 'last' | 'lowestLoss'> {
  const best = highest(measured);
  const others = measured.filter((one) => one !== best);
  const among = measured.map(({ result }) => result);
  const estimates = others.map(({ result }) => compareEvaluations(result, best.result, { among }));
  const adjusted = adjustPValues(estimates.map(({ pValue }) => pValue));
  const checkpoints = measured.map((one): RankedCheckpoint => {
    const place = others.indexOf(one);
    if (place === -1) return { ...one, behind: null };
    const { difference, interval, pValue, cases } = estimates[place]!;
    return { ...one, behind: { difference, interval, pValue, adjustedPValue: adjusted[place]!, cases } };
  });
  const chosen = checkpoints[measured.indexOf(best)]!;
  const rest = checkpoints.filter((one) => one !== chosen);
  const ofJob = checkpoints.filter(({ job }) => job.id === chosen.job.id);
  const withLoss = ofJob.filter(({ evalLoss }) => evalLoss !== null);
  return {
    chosen,
    checkpoints,
    runnerUp: rest.length === 0 ? null : highest(rest),
    last: ofJob.at(-1)!,
    lowestLoss: withLoss.reduce<RankedCheckpoint | null>(
      (least, one) => (least === null || one.evalLoss! < least.evalLoss! ? one : least),
      null,
    ),
  };
}

/** The first with the highest level. */
function highest<One extends MeasuredCheckpoint>(checkpoints: readonly One[]): One {
  const level = ({ result }: MeasuredCheckpoint) => result.average ?? Number.NEGATIVE_INFINITY;
  return checkpoints.reduce((best, one) => (level(one) > level(best) ? one : best));
}

/** A checkpoint that was chosen on the cases of the benchmark cannot be measured on them afterwards. */
export function warnOfTestCases(cases: readonly BenchmarkCase[]): string[] {
  const shipped = cases.filter(({ id }) => Object.hasOwn(aloeCaseTags, id));
  if (shipped.length === 0) return [];
  return [
    `${shipped.length} of the ${cases.length} people are cases of the ALOE benchmark. A checkpoint chosen on them looks better on them than it is: choose on other people, such as validationCases().`,
  ];
}
