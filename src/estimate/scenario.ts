import { checkNumber } from '../internal/options.ts';

/** Average lengths of what models write, in tokens. A reply is never longer than its call's `maxOutputTokens`. */
export interface ReplyLengths {
  /** A simulated user's message. Default 70. */
  readonly userMessage: number;
  /** A preferred or rejected response. Default 65. */
  readonly response: number;
  /** A candidate's response in an evaluation, and any other free text. Default 120. */
  readonly candidateResponse: number;
  /** A sentence in a structured reply, such as a judge's reason. Default 25. */
  readonly sentence: number;
  /** One text of a list in a structured reply: a persona's statement, a checklist's question. Default 12. */
  readonly listItem: number;
}

/** How a provider counts cached input: whole steps of a prefix it has seen before, from a minimum on. */
export interface PrefixCaching {
  readonly fromTokens: number;
  readonly stepTokens: number;
}

/** Assumptions about what a run cannot know in advance. */
export interface Scenario {
  readonly lengths: ReplyLengths;
  /** Share of replies that are unusable, so that the model is asked again. */
  readonly askedAgainShare: number;
  /** Share of generated entries that the near-duplicate filter keeps. */
  readonly keptShare: number;
  /** Items picked from a list, such as the statements that an inducer finds in a turn. */
  readonly found: number;
  /** Personas that do not exist yet are as long as shipped ones: from 0 (the shortest) to 1 (the longest). */
  readonly personaLength: number;
  /** Null: nothing is cached. */
  readonly caching: PrefixCaching | null;
}

/** The assumptions for the smallest, the typical and the largest estimate. */
export interface Scenarios {
  readonly low: Scenario;
  readonly typical: Scenario;
  readonly high: Scenario;
}

const DEFAULT_LENGTHS: ReplyLengths = {
  userMessage: 70,
  response: 65,
  candidateResponse: 120,
  sentence: 25,
  listItem: 12,
};
const LENGTH_NAMES = Object.keys(DEFAULT_LENGTHS) as (keyof ReplyLengths)[];

/** @throws InvalidOptionError for a length below one token. */
export function scenariosOf(lengths: Partial<ReplyLengths> = {}): Scenarios {
  const typical = { ...DEFAULT_LENGTHS };
  for (const name of LENGTH_NAMES) {
    typical[name] = checkNumber(`lengths.${name}`, lengths[name] ?? typical[name], { min: 1 });
  }
  const scaled = (factor: number): ReplyLengths => {
    const result = { ...typical };
    for (const name of LENGTH_NAMES) result[name] *= factor;
    return result;
  };
  return {
    low: {
      lengths: scaled(1 / 2),
      askedAgainShare: 0,
      keptShare: 1,
      // The sooner an inducer has found everything, the fewer calls it takes.
      found: 3,
      personaLength: 0,
      caching: { fromTokens: 16, stepTokens: 16 },
    },
    typical: {
      lengths: typical,
      askedAgainShare: 0.02,
      keptShare: 0.5,
      found: 1,
      personaLength: 1 / 2,
      caching: { fromTokens: 1_024, stepTokens: 128 },
    },
    high: {
      lengths: scaled(2),
      askedAgainShare: 0.1,
      keptShare: 0.15,
      found: 0,
      personaLength: 1,
      caching: null,
    },
  };
}

/** What the figures rest on, one sentence each. */
export function assumptionsOf({ low, typical, high }: Scenarios): readonly string[] {
  const range = (read: (scenario: Scenario) => number) =>
    `${read(typical)} (low ${read(low)}, high ${read(high)})`;
  const percent = (read: (scenario: Scenario) => number) =>
    `${range((scenario) => Math.round(100 * read(scenario)))} %`;
  const tokens = (name: keyof ReplyLengths) => range(({ lengths }) => lengths[name]);
  return [
    'One token is 4 characters, and each message adds 4 tokens. JSON schemas and hidden reasoning are not counted.',
    `Tokens of a user message: ${tokens('userMessage')}; of a preferred or rejected response: ${tokens('response')}; of a candidate's response: ${tokens('candidateResponse')}.`,
    `Tokens of a sentence in a structured reply: ${tokens('sentence')}; of a list item: ${tokens('listItem')}.`,
    `Replies that are unusable and asked for again: ${percent(({ askedAgainShare }) => askedAgainShare)}.`,
    `Generated entries that the near-duplicate filter keeps: ${percent(({ keptShare }) => keptShare)}.`,
    `Statements that an inducer finds in a turn: ${range(({ found }) => found)}. It is not asked again once all are found.`,
    'Personas that do not exist yet are as long as the medium ones among the shipped seeds (low: the shortest, high: the longest).',
    `Input that repeats an earlier prefix counts as cached from ${typical.caching?.fromTokens} tokens on, in steps of ${typical.caching?.stepTokens} (low: nearly all of it, high: none).`,
    'A few conversations and cases are played and multiplied. Calls retried after an error are not counted.',
  ];
}
