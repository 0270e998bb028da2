import { type Message, system, user } from '../messages.ts';
import type { Prompt } from '../models/prompt.ts';
import type { Quotas } from './pool-data.ts';

/** Variables of {@link profileGenerationPrompt} and {@link personalityGenerationPrompt}. */
export interface PersonaGenerationVariables {
  /** Entries of the pool, each a list of statements. */
  readonly examples: readonly (readonly string[])[];
  /** Number of new entries to ask for. */
  readonly count: number;
  /** Language to write in, by its English name. Left out for English. */
  readonly language?: string | undefined;
  /**
   * Labels that each entry should carry: by attribute and value, how many of the new entries should have it. Left out if the
   * pool has no attributes.
   */
  readonly wanted?: Quotas | undefined;
}

const PROFILE_RULES = `You invent people for a study of everyday conversation. A profile is 8 to 10 plain facts about one person.
Rules:
- One fact a sentence, at most 20 words. Give numbers, places and names; say "Repairs buses in Pune", not "Has a job".
- Cover age, where the person lives, work or school, family, money, health, past, hobbies.
- The people differ from each other and from the examples in age (17 to 85), country, culture, work and income.
- Some are women, some are men, and some use they and them.
- Facts only: nothing about temper or manner of speaking.
Answer with JSON and nothing else, in this form:
{"profiles": [["fact", "fact", ...], ["fact", "fact", ...]]}`;

const PERSONALITY_RULES = `You invent temperaments for a study of everyday conversation. A personality is 8 to 10 traits of one person.
Rules:
- One trait a sentence, at most 20 words. Say what can be noticed in a chat: how the person writes, what makes the person laugh, which replies please and which annoy.
- Mix strengths, weaknesses and quirks that go together in one real person.
- The personalities differ from each other and from the examples: loud and quiet, warm and cool, quick and slow, hopeful and gloomy.
- Temperament only: no age, gender, job, place or family.
Answer with JSON and nothing else, in this form:
{"personalities": [["trait", "trait", ...], ["trait", "trait", ...]]}`;

/** Asks for new profiles unlike the examples. */
export const profileGenerationPrompt: Prompt<PersonaGenerationVariables> = {
  id: 'profile-generation',
  version: 1,
  messages: ({ examples, count }) => [
    system(PROFILE_RULES),
    user(request('profiles', 'new people, unlike these and unlike each other', examples, count)),
  ],
};

/** Asks for new personalities unlike the examples. */
export const personalityGenerationPrompt: Prompt<PersonaGenerationVariables> = {
  id: 'personality-generation',
  version: 1,
  messages: ({ examples, count }) => [
    system(PERSONALITY_RULES),
    user(request('personalities', 'new personalities, unlike these and unlike each other', examples, count)),
  ],
};

/** {@link profileGenerationPrompt} for pools with attributes, or in another language than English. */
export const steeredProfilePrompt: Prompt<PersonaGenerationVariables> = {
  id: 'profile-generation',
  version: 2,
  messages: (variables) => steered(profileGenerationPrompt, 'fact', variables),
};

/** {@link personalityGenerationPrompt} for pools with attributes, or in another language than English. */
export const steeredPersonalityPrompt: Prompt<PersonaGenerationVariables> = {
  id: 'personality-generation',
  version: 2,
  messages: (variables) => steered(personalityGenerationPrompt, 'trait', variables),
};

/** What the prompt for English entries without attributes says, and what is asked beyond it. */
function steered(
  plain: Prompt<PersonaGenerationVariables>,
  noun: string,
  variables: PersonaGenerationVariables,
): Message[] {
  const { language, wanted = {} } = variables;
  const [rules, request] = plain.messages(variables);
  const labels = Object.entries(wanted);
  const form = labels.map(([name]) => JSON.stringify(`${name}: ...`)).join(', ');
  const requests = [
    language && `Write every ${noun} in ${language}, as a native speaker would. Keep the JSON key as it is.`,
    labels.length > 0 &&
      `Begin each list with its labels, before the ${noun}s: [${form}, "${noun}", "${noun}", ...]. Use these values only, word for word, and let the ${noun}s agree with them:\n${labels.map(describeLabel).join('\n')}`,
  ].filter((text) => typeof text === 'string');
  // The last words of the request say how to start, so what is asked beyond it comes before them.
  const [asked = '', start = ''] = request!.content.split(/(?= Start with [^\n]*$)/);
  return [rules!, user(`${asked}\n${requests.join('\n')}\n${start.trim()}`)];
}

function describeLabel([name, values]: readonly [string, Readonly<Record<string, number>>]): string {
  const counts = Object.entries(values).map(([value, count]) => `${JSON.stringify(value)} (${count})`);
  return `- ${name}, with how many of the new entries should have it: ${counts.join(', ')}`;
}

/** The count comes last, so that calls with the same examples share a cacheable prefix. */
function request(
  key: string,
  wanted: string,
  examples: readonly (readonly string[])[],
  count: number,
): string {
  const lines = examples.map((statements) => JSON.stringify(statements)).join(',\n');
  return `Examples:\n{"${key}": [\n${lines}\n]}\n\nNow write ${count} ${wanted}. Start with {"${key}": [`;
}
