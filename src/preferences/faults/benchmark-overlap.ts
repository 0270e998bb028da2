import { aloeCases } from '../../benchmark/aloe-cases.ts';
import { type Brief, briefOfText, findRun } from '../../conversations/user-checks/brief.ts';
import { remembered } from '../../internal/remembered.ts';
import { plainText } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';
import type { Persona } from '../../personas/persona.ts';
import { oncePerText, responsesOf, type TextCheck, wordsOf } from './text-check.ts';

/** Words in a row of a case's statement. People do not use so many of the same by chance. */
const RUN = 8;
/** Share of a case's statements that a profile or personality must have to be that of the case. */
const SHARED = 0.5;

/** The id of the case of the benchmark whose profile or personality a persona has. Empty if there is none. */
export const caseOfPersona: (persona: Persona) => string = remembered(({ profile, personality }) => {
  const [facts, traits] = [plainSet(profile.facts), plainSet(personality.traits)];
  const found = statements().cases.find((each) => isOf(facts, each.facts) || isOf(traits, each.traits));
  return found?.id ?? '';
});

const overlapIn: (text: string) => string = oncePerText((text) => {
  return findRun(wordsOf(text), statements().brief) ?? '';
});

/** Finds texts that repeat a statement about a person of the benchmark. */
export const benchmarkTextCheck: TextCheck = {
  fault: 'benchmark-overlap',
  find(texts) {
    const found = [...responsesOf(texts).map(overlapIn), ...texts.conversation.map(overlapOf)];
    return found.find((run) => run !== '') ?? null;
  },
};

const overlapOf: (message: Message) => string = remembered(({ content }) => overlapIn(content));

interface CaseStatements {
  readonly cases: readonly {
    readonly id: string;
    readonly facts: ReadonlySet<string>;
    readonly traits: ReadonlySet<string>;
  }[];
  /** All runs of {@link RUN} words in them. */
  readonly brief: Brief;
}

let known: CaseStatements | undefined;

// Made when first needed, not at import.
function statements(): CaseStatements {
  known ??= readStatements();
  return known;
}

function readStatements(): CaseStatements {
  const cases = aloeCases().map(({ id, persona }) => ({
    id,
    facts: persona.profile.facts,
    traits: persona.personality.traits,
  }));
  const texts = cases.flatMap(({ facts, traits }) => [...facts, ...traits]);
  return {
    cases: cases.map(({ id, facts, traits }) => ({ id, facts: plainSet(facts), traits: plainSet(traits) })),
    brief: briefOfText(texts.join('\n'), RUN),
  };
}

function isOf(own: ReadonlySet<string>, ofCase: ReadonlySet<string>): boolean {
  return [...ofCase].filter((text) => own.has(text)).length >= ofCase.size * SHARED;
}

function plainSet(texts: readonly string[]): Set<string> {
  return new Set(texts.map(plainText));
}
