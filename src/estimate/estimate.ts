import { checkChoice, checkNumber } from '../internal/options.ts';
import { addUsage, NO_USAGE, type Usage } from '../models/chat-model.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import { checkPrices, costOf, type Prices } from '../runs/prices.ts';
import {
  assumptionsOf,
  type Scenario,
  type ScenarioName,
  scenariosOf,
  type TextLengths,
} from './scenarios.ts';
import {
  conversationCalls,
  evaluationCalls,
  personaCalls,
  sumByRole,
  type TypicalCall,
  type TypicalRole,
} from './typical-calls.ts';

/** A model, by its `id` or as it is. */
export type NamedModel = string | { readonly id: string };

export interface EstimateOptions {
  /** Profiles of the pool, seeds included. Default 330, as in the paper; 0 when personas are there already. */
  readonly profiles?: number | undefined;
  /** Personalities of the pool, seeds included. Default 71, as in the paper; 0 when personas are there already. */
  readonly personalities?: number | undefined;
  /** New entries that a call of the persona generator asks for. Default 20. */
  readonly entriesPerCall?: number | undefined;
  /** Conversations to be played. Default 3,310, as in the paper. */
  readonly conversations?: number | undefined;
  /** Turns of a conversation and of a case. Default 10. */
  readonly turns?: number | undefined;
  /** As in `ConversationTreeBuilderOptions`. Default `previous-turns`. */
  readonly induction?: 'previous-turns' | 'current-message' | undefined;
  /** Turns after which both responses go on, as in `continueBoth({ depth })`. Default 0: one goes on. */
  readonly depth?: number | undefined;
  /** Cases of the evaluation. Default 100. */
  readonly cases?: number | undefined;
  /** Candidates that are evaluated. Default 1. */
  readonly candidates?: number | undefined;
  /** Verdicts of `holisticJudge` that a response gets: its `samples`, or those of a panel together. 0 for `ruleJudge`. Default 1. */
  readonly verdicts?: number | undefined;
  /** Questions of a `checklistJudge`, alone (`verdicts: 0`) or in a panel. Default 0: there is none. */
  readonly checklistItems?: number | undefined;
  /** Whether a model says in the evaluation what users have revealed, as the evaluator's `inducer`. Default false. */
  readonly induced?: boolean | undefined;
  /** Expected lengths of texts, as a small run showed them; half and twice as much are the bounds. */
  readonly lengths?: Partial<TextLengths> | undefined;
  /** The model of every role, for its price. */
  readonly model?: NamedModel | undefined;
  /** Models of single roles, where they differ. */
  readonly roles?: Partial<Record<TypicalRole, NamedModel>> | undefined;
  /** Dollars per million tokens by model id. Default: none is known. */
  readonly prices?: Prices | undefined;
}

export interface EstimatedAmount {
  readonly calls: number;
  /** `cachedInputTokens` is what a provider's prefix cache should hold of the input. */
  readonly usage: Usage;
  /** US dollars; null when the price of a model that is called is not known. */
  readonly usd: number | null;
}

/** `low` and `high` are bounds of what such texts take, not of what a server may do. */
export type EstimatedRange = Readonly<Record<ScenarioName, EstimatedAmount>>;

export interface RunEstimate {
  readonly personas: EstimatedRange;
  readonly conversations: EstimatedRange;
  readonly evaluation: EstimatedRange;
  readonly total: EstimatedRange;
  /** What the figures rest on, a sentence each. */
  readonly assumptions: readonly string[];
}

/**
 * What a run will take, before it is made: calls, tokens and dollars of each stage. The library's own prompts are
 * rendered with texts of typical length, turn by turn, and counted. Replays and calls that fail cost nothing and are
 * not in it.
 *
 * @throws InvalidOptionError for a number out of range or a price that is none.
 */
export function estimateRun(options: EstimateOptions = {}): RunEstimate {
  const {
    profiles = 330,
    personalities = 71,
    entriesPerCall = 20,
    conversations = 3_310,
    turns = 10,
    induction = 'previous-turns',
    depth = 0,
    cases = 100,
    candidates = 1,
    verdicts = 1,
    checklistItems = 0,
    induced = false,
    prices = {},
  } = options;
  for (const [name, value, min] of [
    ['profiles', profiles, 0],
    ['personalities', personalities, 0],
    ['entriesPerCall', entriesPerCall, 1],
    ['conversations', conversations, 0],
    ['turns', turns, 1],
    ['cases', cases, 0],
    ['candidates', candidates, 0],
    ['verdicts', verdicts, 0],
    ['checklistItems', checklistItems, 0],
  ] as const) {
    checkNumber(name, value, { min, integer: true });
  }
  checkNumber('depth', depth, { min: 0, max: 10, integer: true });
  checkChoice('induction', induction, ['previous-turns', 'current-message']);
  checkPrices(prices);
  const scenarios = scenariosOf(options.lengths);
  const missing = {
    profiles: Math.max(0, profiles - seedProfiles.length),
    personalities: Math.max(0, personalities - seedPersonalities.length),
  };

  /** A stage in one scenario: what one unit of it takes, so many times. */
  function amount(calls: Iterable<TypicalCall>, times: number, scenario: Scenario): EstimatedAmount {
    let sum: EstimatedAmount = NOTHING;
    for (const [role, perUnit] of sumByRole(calls, scenario.caching)) {
      const count = Math.round(perUnit.calls * times);
      if (count === 0) continue;
      const usage = scale(perUnit.usage, times);
      const model = options.roles?.[role] ?? options.model;
      const id = typeof model === 'object' ? model.id : model;
      const usd = id === undefined ? null : costOf(usage, Object.hasOwn(prices, id) ? prices[id] : undefined);
      sum = add(sum, { calls: count, usage, usd });
    }
    return sum;
  }

  function stage(work: (scenario: Scenario) => EstimatedAmount): EstimatedRange {
    return { low: work(scenarios.low), expected: work(scenarios.expected), high: work(scenarios.high) };
  }

  const stages = {
    personas: stage((scenario) => amount(personaCalls(missing, entriesPerCall, scenario), 1, scenario)),
    conversations: stage((scenario) =>
      amount(
        conversationCalls({ turns, induction, depth }, scenario),
        conversations * (1 + scenario.askedAgain),
        scenario,
      ),
    ),
    evaluation: stage((scenario) =>
      amount(
        evaluationCalls({ turns, candidates, verdicts, checklistItems, induced }, scenario),
        cases * candidates * (1 + scenario.askedAgain),
        scenario,
      ),
    ),
  };
  const all = Object.values(stages);
  const total = (name: ScenarioName) => all.map((range) => range[name]).reduce(add, NOTHING);
  return {
    ...stages,
    total: { low: total('low'), expected: total('expected'), high: total('high') },
    assumptions: assumptionsOf(scenarios),
  };
}

const NOTHING: EstimatedAmount = { calls: 0, usage: NO_USAGE, usd: 0 };

function add(a: EstimatedAmount, b: EstimatedAmount): EstimatedAmount {
  return {
    calls: a.calls + b.calls,
    usage: addUsage(a.usage, b.usage),
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  };
}

function scale({ inputTokens, cachedInputTokens, outputTokens }: Usage, times: number): Usage {
  return {
    inputTokens: Math.round(inputTokens * times),
    cachedInputTokens: Math.round(cachedInputTokens * times),
    outputTokens: Math.round(outputTokens * times),
  };
}
