import type { Usage } from '../models/chat-model.ts';

/** What a piece of work costs. */
export interface EstimatedAmount {
  /** Calls to be sent to a model. */
  readonly calls: number;
  /** Part of `calls` for which the run holds another answer: a prompt, a model or a setting has changed. */
  readonly rebought: number;
  /** Further calls, which the run's journal answers. They cost nothing. 0 without a run. */
  readonly stored: number;
  /** Tokens of `calls`. `cachedInputTokens` is the part of the input that a provider's prefix cache should hold. */
  readonly usage: Usage;
  /** US dollars; null if a model that is called has no price. Calls in batches count with their discount. */
  readonly usd: number | null;
  /**
   * Batches that follow on each other, each of which may take up to 24 hours. 0 without a model that answers in batches.
   * A role has none of its own.
   */
  readonly rounds: number;
}

/** `low` and `high` are the smallest and largest value of each figure over the three dry runs. */
export interface EstimatedRange {
  /** The least it should take. */
  readonly low: EstimatedAmount;
  /** What it should take. */
  readonly typical: EstimatedAmount;
  /** The most it should take. */
  readonly high: EstimatedAmount;
}

/** Calls of one role for which the run holds other answers. */
export interface ReboughtCalls {
  readonly role: string;
  /** The model that would be called. */
  readonly model: string;
  /** The model of the answers that the run holds. If it is the same, the prompts, settings or earlier answers differ. */
  readonly earlierModel: string;
  readonly calls: number;
}

/** What a run will cost, by stage and by role. */
export interface RunEstimate {
  /** Growing the pool. */
  readonly growth: EstimatedRange;
  /** Building conversations. */
  readonly conversations: EstimatedRange;
  /** Verifying pairs of conversations that exist. */
  readonly verification: EstimatedRange;
  /** Evaluating all candidates. */
  readonly evaluation: EstimatedRange;
  /** Measuring the bias of a judge. */
  readonly judgeBias: EstimatedRange;
  /** All stages together. */
  readonly total: EstimatedRange;
  /** The typical amount of each role, as call places name them: `role-player`, `judge`, `candidate`, … */
  readonly roles: Readonly<Record<string, EstimatedAmount>>;
  /** The calls among `total.typical.rebought`, by role and model. Empty without a run. */
  readonly rebought: readonly ReboughtCalls[];
  /** What the figures rest on and where their ranges come from, one sentence each. */
  readonly assumptions: readonly string[];
}
