import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { InvalidOptionError } from '../errors.ts';
import type { EvaluationComparison } from '../evaluation/compare-evaluations.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { TrainingMetric } from '../training/training-backend.ts';

/** The logged steps of one training job. */
export interface TrainingCurve {
  /** How the report names it. */
  readonly name: string;
  readonly metrics: readonly TrainingMetric[];
}

/** What a report is made of: at least one evaluation, conversation or training curve. */
export interface ReportOptions {
  /** In the order in which tables and charts show them. Default: none. */
  readonly evaluations?: readonly EvaluationResult[] | undefined;
  /** Default: the best candidate with each of the others, where their cases are the same. */
  readonly comparisons?: readonly EvaluationComparison[] | undefined;
  /** A corpus to read, with both responses at every turn. All of it is in the page: give a part of a large one. */
  readonly conversations?: readonly ConversationTree[] | undefined;
  readonly training?: readonly TrainingCurve[] | undefined;
  /** Default: "Alignment report". */
  readonly title?: string | undefined;
}

export function checkReportOptions(options: ReportOptions): void {
  const { evaluations = [], conversations = [], training = [], title } = options;
  for (const [name, list] of Object.entries({ evaluations, conversations, training })) {
    if (!Array.isArray(list)) throw new InvalidOptionError(name, 'a list', list);
  }
  if (evaluations.length + conversations.length + training.length === 0) {
    throw new InvalidOptionError('evaluations', 'something to report on', evaluations);
  }
  if (title !== undefined && (typeof title !== 'string' || title.trim() === '')) {
    throw new InvalidOptionError('title', 'a text', title);
  }
}
