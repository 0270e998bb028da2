import { checkNumber } from '../internal/options.ts';
import { type Persona, pairPersona } from '../personas/persona.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';

export type ScenarioName = 'low' | 'expected' | 'high';

/** Average lengths of texts, in tokens. */
export interface TextLengths {
  /** A simulated user's message. Default 40. */
  readonly userMessage: number;
  /** A preferred or rejected response. Default 65. */
  readonly response: number;
  /** A candidate's response in the evaluation, where nothing asks for a short one. Default 120. */
  readonly candidateResponse: number;
}

/** How a provider's prefix cache counts: from so many tokens on, in steps of so many; null for no cache. */
export interface PrefixCaching {
  readonly fromTokens: number;
  readonly stepTokens: number;
}

/** One idea of how a run goes. */
export interface Scenario {
  readonly persona: Persona;
  readonly lengths: TextLengths;
  /** Tokens of an inducer's answer and of a judge's verdict. */
  readonly inductionTokens: number;
  readonly verdictTokens: number;
  /** Tokens of a checklist's question. */
  readonly questionTokens: number;
  /** Traits that the preferred model's hint gains a turn. */
  readonly hintedPerTurn: number;
  /** Traits that the inducer finds a turn; it is not asked any more when all are found. */
  readonly foundPerTurn: number;
  /** Share of calls that are made again since their reply was of no use. */
  readonly askedAgain: number;
  /** Share of new profiles and personalities that are not too similar to others. */
  readonly acceptance: number;
  readonly caching: PrefixCaching | null;
}

const DEFAULT_LENGTHS: TextLengths = { userMessage: 40, response: 65, candidateResponse: 120 };

/** @throws InvalidOptionError for a length that is none. */
export function scenariosOf(lengths: Partial<TextLengths> = {}): Readonly<Record<ScenarioName, Scenario>> {
  const length = (name: keyof TextLengths) =>
    checkNumber(`lengths.${name}`, lengths[name] ?? DEFAULT_LENGTHS[name], { min: 1 });
  const scaled = (factor: number): TextLengths => ({
    userMessage: length('userMessage') * factor,
    response: length('response') * factor,
    candidateResponse: length('candidateResponse') * factor,
  });
  return {
    low: {
      persona: seedPersona(0),
      lengths: scaled(1 / 2),
      inductionTokens: 4,
      verdictTokens: 15,
      questionTokens: 8,
      hintedPerTurn: 0,
      foundPerTurn: 3,
      askedAgain: 0,
      acceptance: 1,
      caching: { fromTokens: 0, stepTokens: 1 },
    },
    expected: {
      persona: seedPersona(1 / 2),
      lengths: scaled(1),
      inductionTokens: 8,
      verdictTokens: 40,
      questionTokens: 18,
      hintedPerTurn: 1,
      foundPerTurn: 1,
      askedAgain: 0.02,
      acceptance: 0.5,
      caching: { fromTokens: 1_024, stepTokens: 128 },
    },
    high: {
      persona: seedPersona(1),
      lengths: scaled(2),
      inductionTokens: 25,
      verdictTokens: 80,
      questionTokens: 35,
      hintedPerTurn: 3,
      foundPerTurn: 0,
      askedAgain: 0.1,
      acceptance: 0.15,
      caching: null,
    },
  };
}

/** A person of the seeds: 0 for those with the fewest words, 1 for those with the most. */
function seedPersona(rank: number): Persona {
  const at = <Entry>(entries: readonly Entry[], textOf: (entry: Entry) => readonly string[]): Entry => {
    const sorted = entries.toSorted((a, b) => textOf(a).join('').length - textOf(b).join('').length);
    return sorted[Math.round(rank * (sorted.length - 1))]!;
  };
  return pairPersona(
    at(seedProfiles, ({ facts }) => facts),
    at(seedPersonalities, ({ traits }) => traits),
  );
}

/** What the figures rest on, in words. */
export function assumptionsOf({
  low,
  expected,
  high,
}: Readonly<Record<ScenarioName, Scenario>>): readonly string[] {
  const range = (read: (scenario: Scenario) => number) => {
    const [middle, least, most] = [expected, low, high].map((scenario) => Math.round(read(scenario)));
    return `${middle} (${least} to ${most})`;
  };
  const percent = (share: number) => Math.round(share * 100);
  return [
    'A token is 4 characters; each message takes 4 tokens more. JSON schemas are not counted.',
    `A persona has ${range(({ persona }) => sizeOf(persona))} characters, as the shipped seeds have.`,
    `A user message has ${range(({ lengths }) => lengths.userMessage)} tokens, a preferred or rejected response ${range(({ lengths }) => lengths.response)}, a candidate's response ${range(({ lengths }) => lengths.candidateResponse)}.`,
    `An induction takes ${range((scenario) => scenario.inductionTokens)} tokens of output, a verdict ${range((scenario) => scenario.verdictTokens)}, a checklist's question ${range((scenario) => scenario.questionTokens)}.`,
    `The hint gains ${range((scenario) => scenario.hintedPerTurn)} traits a turn; nothing is induced when all are found.`,
    `Of replies ${range(({ askedAgain }) => percent(askedAgain))} % are of no use and asked for again.`,
    `Of new profiles and personalities ${percent(expected.acceptance)} % are kept (${percent(low.acceptance)} to ${percent(high.acceptance)} %).`,
    `Cached is what a role's request shares with its request of the turn before, from ${expected.caching?.fromTokens} tokens on in steps of ${expected.caching?.stepTokens} (low: all of it; high: nothing).`,
    'Candidates are shown the conversation and nothing else.',
  ];
}

function sizeOf({ profile, personality }: Persona): number {
  return [...profile.facts, ...personality.traits].join('').length;
}
