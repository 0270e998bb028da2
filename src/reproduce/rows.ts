import type { Candidate } from '../evaluation/candidate.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { type LazyModel, lazyModel } from '../training/serving/lazy-model.ts';
import type { OpenedBase } from './base-model.ts';
import type { PaperRow } from './paper-tables.ts';
import type { PlannedTraining } from './train.ts';

/** A row of a table, as a candidate of an evaluation. */
export interface RowCandidate {
  readonly candidate: Candidate;
  readonly model: LazyModel;
}

/** Characters of a job's id that tell trainings apart. */
const ID_LENGTH = 10;

/**
 * The candidate of a row. A model that was trained anew, on other data or with other options, is another candidate, whose
 * evaluation does not replace the former one.
 *
 * @param directory The directory with the weights of the row's stage.
 */
export function rowCandidate(
  base: OpenedBase,
  row: PaperRow,
  planned: PlannedTraining | undefined,
  directory: () => Promise<string | null>,
): RowCandidate {
  const job = planned?.id.slice(0, ID_LENGTH);
  const id = job === undefined ? base.id : `${base.id} + ${row.trained?.stage}@${job}`;
  const model = lazyModel(id, async () => base.serve(await directory()));
  const name = `${base.name}, ${row.type}`;
  return { model, candidate: candidateOf(job === undefined ? name : `${name} ${job}`, model.model) };
}

/** A candidate that a config takes as it is: its model is not opened by reference. */
function candidateOf(name: string, model: Candidate['model']): Candidate {
  return { name, model, messages: (conversation) => conversation };
}

/** The same pipeline with other candidates, which cost nothing. */
export function withCandidates(pipeline: Pipeline, candidates: readonly Candidate[]): Pipeline {
  const { config } = pipeline;
  const free = Object.fromEntries(candidates.map(({ model }) => [model.id, { input: 0, output: 0 }]));
  return {
    ...pipeline,
    config: {
      ...config,
      prices: { ...config.prices, ...free },
      evaluation: { ...config.evaluation, candidates },
    },
  };
}
