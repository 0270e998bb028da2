import type { AbilitiesResult } from '../abilities/abilities-result.ts';
import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { InvalidOptionError } from '../errors.ts';
import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { checkSameRubric } from '../evaluation/same-rubric.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import type { PoolDescription } from '../personas/describe/pool-description.ts';
import type { PreferenceManifest } from '../preferences/manifest.ts';
import type { DroppedRecords } from '../preferences/read-dropped.ts';
import type { TrainingMetric } from '../training/training-backend.ts';
import { groupRows, namedResults, type ResultRow } from './tables/result-row.ts';

/** The logged steps of one training job. */
export interface TrainingCurve {
  /** Heading of its charts. */
  readonly name: string;
  /** As a `TrainingBackend` returns them. */
  readonly metrics: readonly TrainingMetric[];
}

/** The training data of a report. */
export interface ReportedData {
  /** What `PreferenceExporter` returned. */
  readonly manifest: PreferenceManifest;
  /** Records that it left out, as `readDroppedRecords()` gives them. Default: none. */
  readonly dropped?: readonly DroppedRecords[] | undefined;
}

/** Contents of a report. At least one evaluation, conversation, training curve, export, pool or result on abilities is required. */
export interface ReportOptions {
  /** Shown in this order in tables and charts. Default: those of `byModel`. */
  readonly evaluations?: readonly EvaluationResult[] | undefined;
  /** The evaluations by base model: adds Table 1 and Figure 4 of the paper. Default: none. */
  readonly byModel?: readonly ResultRow[] | undefined;
  /** Default: the best candidate compared with every other one that played the same cases. */
  readonly comparisons?: readonly EvaluationComparison[] | undefined;
  /** A corpus to read, with both responses at every turn. The page embeds all of it: pass a sample of a large one. Default: none. */
  readonly conversations?: readonly ConversationTree[] | undefined;
  /** What an export has kept and left out, and some records of each reason. Default: none. */
  readonly data?: ReportedData | undefined;
  /** What the persona pool covers, from `pool.describe()`. Default: none. */
  readonly pool?: PoolDescription | undefined;
  /** One entry per training job. Default: none. */
  readonly training?: readonly TrainingCurve[] | undefined;
  /** General ability, from `measureAbilities()`, the model to compare with first. Default: none. */
  readonly abilities?: readonly AbilitiesResult[] | undefined;
  /** Default: "Alignment report". */
  readonly title?: string | undefined;
}

/** @throws InvalidOptionError if an option is unknown or invalid, there is nothing to report on, or judges had different rubrics. */
export function checkReportOptions(options: ReportOptions): void {
  checkKnownOptions<ReportOptions>('A report', options, {
    evaluations: true,
    byModel: true,
    comparisons: true,
    conversations: true,
    data: true,
    pool: true,
    training: true,
    abilities: true,
    title: true,
  });
  const { evaluations = [], byModel, conversations = [], data, training = [], pool, title } = options;
  const { abilities = [] } = options;
  const isByModel = byModel !== undefined && groupRows(byModel, 'byModel').length > 0;
  for (const [name, list] of Object.entries({ evaluations, conversations, training, abilities })) {
    if (!Array.isArray(list)) throw new InvalidOptionError(name, 'an array', list);
  }
  const lists = [evaluations, conversations, training, abilities];
  const nothing = lists.every(({ length }) => length === 0);
  if (!isByModel && data === undefined && pool === undefined && nothing) {
    throw new InvalidOptionError(
      'evaluations',
      'at least one evaluation, conversation, training curve, export, pool or result on abilities',
      evaluations,
    );
  }
  const byRow = byModel?.map(({ result }) => result) ?? [];
  checkSameRubric([...evaluations, ...byRow], 'evaluations');
  if (title !== undefined && (typeof title !== 'string' || title.trim() === '')) {
    throw new InvalidOptionError('title', 'a non-empty string', title);
  }
}

/** The evaluations to show: those given, or else those of `byModel`, named by model and type. */
export function evaluationsOf({ evaluations, byModel }: ReportOptions): readonly EvaluationResult[] {
  return evaluations ?? (byModel === undefined ? [] : namedResults(groupRows(byModel)));
}
