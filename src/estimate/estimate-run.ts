import { checkKnownOptions } from '../internal/option-checks.ts';
import { addUsage, NO_USAGE } from '../models/chat-model.ts';
import type { PersonaPoolGrowOptions } from '../personas/grow-options.ts';
import { addUsd } from '../runs/spending/add-usd.ts';
import { checkPrices, costOf, type Prices, priceOf } from '../runs/spending/prices.ts';
import { displayEstimate } from './display-estimate.ts';
import type { CallSum, CountedCalls } from './dry-run.ts';
import { type PlannedConversations, playConversations } from './play-conversations.ts';
import { type PlannedEvaluation, playEvaluation } from './play-evaluation.ts';
import { playGrowth } from './play-growth.ts';
import { type PlannedJudgeBias, playJudgeBias } from './play-judge-bias.ts';
import { type PlannedVerification, playVerification } from './play-verification.ts';
import type { EstimatedAmount, EstimatedRange, RunEstimate } from './run-estimate.ts';
import { assumptionsOf, type ReplyLengths, type Scenario, scenariosOf } from './scenario.ts';

/**
 * What you plan to run, as the options you will pass to each piece, its `run` included. A stage that is left out costs
 * nothing.
 */
export interface EstimateOptions {
  /** The options of `PersonaPool.grow`. */
  readonly growth?: PersonaPoolGrowOptions | undefined;
  /** The options of the `ConversationTreeBuilder`, and the personas, or how many there will be. */
  readonly conversations?: PlannedConversations | undefined;
  /** The options of `verifyPairs()`, and the conversations to verify. */
  readonly verification?: PlannedVerification | undefined;
  /** The options of the `AloeEvaluator`, and the candidates. */
  readonly evaluation?: PlannedEvaluation | undefined;
  /** The arguments of `judgeBias`. */
  readonly judgeBias?: PlannedJudgeBias | undefined;
  /** Typical lengths, for example from a small run. The bounds are half and twice as much. */
  readonly lengths?: Partial<ReplyLengths> | undefined;
  /** US dollars per million tokens by model id. Default: no prices are known. */
  readonly prices?: Prices | undefined;
}

/**
 * Estimates the calls, tokens and dollars of a run before it starts. The real pool, builder and evaluator work on a few
 * personas and cases with models that only count, once for each of low, typical and high, and the counts are multiplied.
 * If the options of a stage have a `run` that holds answers, these are used: everything up to the first call that it cannot
 * answer is exact. Your models and embedder are not called, with one exception: if your own judge or candidate calls a model directly,
 * instead of through the run or the `ask` it receives, that call is really made.
 *
 * @example
 * ```ts
 * const evaluation = { user: gpt, judge: gpt, cases: aloeCases(), candidates: [gpt] };
 * const estimate = await estimateRun({ evaluation, prices });
 * console.log(describeEstimate(estimate));
 * ```
 *
 * @throws InvalidOptionError for an option that the piece itself would refuse, a length below 1, or an invalid price.
 */
export async function estimateRun(options: EstimateOptions): Promise<RunEstimate> {
  checkKnownOptions<EstimateOptions>('estimateRun()', options, {
    growth: true,
    conversations: true,
    verification: true,
    evaluation: true,
    judgeBias: true,
    lengths: true,
    prices: true,
  });
  const { growth, conversations, verification, evaluation, judgeBias } = options;
  const prices = checkPrices(options.prices ?? {});
  const scenarios = scenariosOf(options.lengths);
  const typicalCalls: CallSum[] = [];

  async function rangeOf(play: (scenario: Scenario) => Promise<CountedCalls>): Promise<EstimatedRange> {
    const typical = await play(scenarios.typical);
    typicalCalls.push(...typical.sums);
    // Stored answers are the same in every scenario.
    const isComplete = typical.sums.every(({ calls }) => calls === 0);
    const plays = isComplete
      ? [typical, typical, typical]
      : [await play(scenarios.low), typical, await play(scenarios.high)];
    const amounts = plays.map(({ sums, rounds }) => ({ ...amountOf(sums, prices), rounds }));
    // No scenario is the cheapest in every figure: an inducer that finds nothing makes more calls, but no hints.
    return { low: bound('low', amounts), typical: amounts[1]!, high: bound('high', amounts) };
  }

  const stages = {
    growth: growth ? await rangeOf((scenario) => playGrowth(growth, scenario)) : NOTHING,
    conversations: conversations
      ? await rangeOf((scenario) => playConversations(conversations, scenario))
      : NOTHING,
    verification: verification
      ? await rangeOf((scenario) => playVerification(verification, scenario))
      : NOTHING,
    evaluation: evaluation ? await rangeOf((scenario) => playEvaluation(evaluation, scenario)) : NOTHING,
    judgeBias: judgeBias ? await rangeOf((scenario) => playJudgeBias(judgeBias, scenario)) : NOTHING,
  };
  const total = (which: keyof EstimatedRange) =>
    Object.values(stages)
      .map((range) => range[which])
      .reduce(add);
  const byRole = Object.groupBy(typicalCalls, ({ role }) => role);
  return displayEstimate({
    ...stages,
    total: { low: total('low'), typical: total('typical'), high: total('high') },
    roles: Object.fromEntries(
      Object.entries(byRole).map(([role, sums = []]) => [role, amountOf(sums, prices)]),
    ),
    rebought: typicalCalls.flatMap(({ role, model, earlierModel, calls }) =>
      earlierModel === null || calls === 0 ? [] : { role, model, earlierModel, calls },
    ),
    assumptions: assumptionsOf(scenarios),
  });
}

const NO_AMOUNT: EstimatedAmount = { calls: 0, rebought: 0, stored: 0, usage: NO_USAGE, usd: 0, rounds: 0 };
const NOTHING: EstimatedRange = { low: NO_AMOUNT, typical: NO_AMOUNT, high: NO_AMOUNT };

function amountOf(sums: readonly CallSum[], prices: Prices): EstimatedAmount {
  return sums
    .map(({ model, calls, earlierModel, stored, usage, inBatches, isFree }) => {
      const price = priceOf(prices, model);
      // What is not called needs no price, nor does a model in this process.
      const needsNone = calls === 0 || (isFree && price === undefined);
      const usd = needsNone ? 0 : costOf(usage, price, inBatches);
      return { calls, rebought: earlierModel === null ? 0 : calls, stored, usage, usd, rounds: 0 };
    })
    .reduce(add, NO_AMOUNT);
}

function add(a: EstimatedAmount, b: EstimatedAmount): EstimatedAmount {
  return {
    calls: a.calls + b.calls,
    rebought: a.rebought + b.rebought,
    stored: a.stored + b.stored,
    usage: addUsage(a.usage, b.usage),
    usd: addUsd(a.usd, b.usd),
    rounds: a.rounds + b.rounds,
  };
}

/** The smallest or largest value of each figure. Cached input goes the other way: it makes a run cheaper. */
function bound(which: 'low' | 'high', amounts: readonly EstimatedAmount[]): EstimatedAmount {
  const [pick, opposite] = which === 'low' ? [Math.min, Math.max] : [Math.max, Math.min];
  const inputTokens = pick(...amounts.map(({ usage }) => usage.inputTokens));
  const usd = amounts.flatMap((amount) => amount.usd ?? []);
  return {
    calls: pick(...amounts.map(({ calls }) => calls)),
    rebought: pick(...amounts.map(({ rebought }) => rebought)),
    stored: opposite(...amounts.map(({ stored }) => stored)),
    usage: {
      inputTokens,
      cachedInputTokens: Math.min(
        inputTokens,
        opposite(...amounts.map(({ usage }) => usage.cachedInputTokens)),
      ),
      outputTokens: pick(...amounts.map(({ usage }) => usage.outputTokens)),
    },
    usd: usd.length < amounts.length ? null : pick(...usd),
    rounds: pick(...amounts.map(({ rounds }) => rounds)),
  };
}
