import { existsSync } from 'node:fs';
import type { RunEstimate } from '../estimate/run-estimate.ts';
import type { Candidate } from '../evaluation/candidate.ts';
import { estimatePipeline } from '../pipeline/estimate-pipeline.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { OpenedBase } from './base-model.ts';
import type { PaperRow } from './paper-tables.ts';
import { openReproduction, type ReproduceOptions, type Reproduction } from './reproduction.ts';
import { rowCandidate, withCandidates } from './rows.ts';
import { planTraining } from './train.ts';
import { TRAINING_ASSUMPTIONS, type TrainingCost, trainingCosts } from './training-cost.ts';
import { trainingFile } from './training-files.ts';

/** What a reproduction will cost. */
export interface ReproductionEstimate {
  /** Calls, tokens and dollars. Calls of the models that are trained cost no dollars, and are among them. */
  readonly calls: RunEstimate;
  /** One entry per training. Those that are done are listed too. */
  readonly trainings: readonly TrainingCost[];
  /** Of all trainings. Null if the size of a model is not known, and without GPUs. */
  readonly gpuHours: number | null;
  /** What the figures rest on, one sentence each. */
  readonly assumptions: readonly string[];
}

/**
 * Estimates what {@link reproduceTable} will cost, without calling a model or training one. Calls that the run has answers for
 * are left out.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 */
export async function estimateReproduction(
  pipeline: Pipeline,
  options: ReproduceOptions,
): Promise<ReproductionEstimate> {
  const reproduction = await openReproduction(pipeline, options);
  const candidates = await plannedCandidates(reproduction);
  const calls = await estimatePipeline(withCandidates(pipeline, candidates));
  const trainings = await trainingCosts(reproduction);
  const hours = trainings.map(({ gpuHours }) => gpuHours);
  return {
    calls,
    trainings,
    gpuHours: hours.reduce((sum, own) => (sum === null || own === null ? null : sum + own), 0),
    assumptions: [...calls.assumptions, ...TRAINING_ASSUMPTIONS],
  };
}

/** The rows as candidates, under the names that they will have if the training files stay as they are. */
function plannedCandidates(reproduction: Reproduction): Promise<readonly Candidate[]> {
  const { bases, plan } = reproduction;
  return Promise.all(
    bases.flatMap((base) => plan.rows.map((row) => plannedCandidate(reproduction, base, row))),
  );
}

async function plannedCandidate(
  reproduction: Reproduction,
  base: OpenedBase,
  row: PaperRow,
): Promise<Candidate> {
  const training = row.trained?.training;
  const formats = [training?.sft, training?.dpo].filter((format) => format !== undefined);
  const isKnown =
    base.isReady() && formats.every((format) => existsSync(trainingFile(reproduction.pipeline, format)));
  const planned =
    training !== undefined && isKnown ? await planTraining(reproduction, base, training) : undefined;
  const { candidate } = rowCandidate(base, row, planned, async () => null);
  // A training that is not known yet has no answers, also not those of another row of this name.
  if (training === undefined || planned !== undefined) return candidate;
  return { ...candidate, name: `${candidate.name} (to be trained)` };
}
