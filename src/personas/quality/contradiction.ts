import { plainWords } from './plain-words.ts';

/** How a fact begins that gives the person's own age, in the languages of the checks. */
const AGES: readonly RegExp[] = [
  /^(?:(?:he|she|they) )?(?:is|are) (?:an? )?(\d{1,3})(?:[- ]years?[- ]old\b|(?=,| and\b|\.?$))/i,
  /^(?:age|alter|edad|âge|年龄)\s*[:：]\s*(\d{1,3})\b/iu,
  /^\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,4}, (?:aged? )?(\d{1,3})\b/u,
  /^(?:(?:er|sie) )?ist (\d{1,3})(?: jahre alt\b|(?=,| und\b|\.?$))/i,
  /^tiene (\d{1,3}) años(?=,| y\b|\.?$)/i,
  /^(?:(?:il|elle) )?a (\d{1,3}) ans(?=,| et\b|\.?$)/i,
  /^(?:[他她])?(?:今年)?(\d{1,3})岁/u,
];

/** How a fact begins that gives the person's name. What others call the person is none. */
const NAMES: readonly RegExp[] = [
  /^(?:(?:[Hh]e|[Ss]he|[Tt]hey) )?(?:[Ii]s|[Aa]re) (?:called|named) (\p{Lu}[\p{L}'’-]+)(?![\p{L}'’-]| by\b)/u,
  /^(?:(?:[Hh]is|[Hh]er|[Tt]heir) )?[Nn]ame(?: is|\s*:) (\p{Lu}[\p{L}'’-]+)/u,
  /^(\p{Lu}[\p{L}'’-]*)(?: \p{Lu}[\p{L}'’-]*){0,4}, (?:aged? )?\d{1,3}\b/u,
  /^(?:(?:er|sie) )?heißt (\p{Lu}[\p{L}'’-]+)/iu,
  /^se llama (\p{Lu}[\p{L}'’-]+)/iu,
  /^(?:(?:il|elle) )?s['’]appelle (\p{Lu}[\p{L}'’-]+)/iu,
];

/** Words that turn a statement into its opposite, if all the other words are the same. */
const OPPOSITES: readonly (readonly [string, string])[] = [
  ['short', 'long'],
  ['likes', 'dislikes'],
  ['likes', 'hates'],
  ['loves', 'hates'],
  ['always', 'never'],
  ['often', 'never'],
  ['introverted', 'extroverted'],
  ['introvert', 'extrovert'],
  ['formal', 'informal'],
  ['formal', 'casual'],
  ['patient', 'impatient'],
  ['optimistic', 'pessimistic'],
  ['married', 'single'],
  ['kurze', 'lange'],
  ['mag', 'hasst'],
  ['liebt', 'hasst'],
  ['immer', 'nie'],
  ['introvertiert', 'extrovertiert'],
  ['cortas', 'largas'],
  ['siempre', 'nunca'],
  ['ama', 'odia'],
  ['introvertida', 'extrovertida'],
  ['introvertido', 'extrovertido'],
  ['courtes', 'longues'],
  ['toujours', 'jamais'],
  ['aime', 'déteste'],
  ['introvertie', 'extravertie'],
  ['introverti', 'extraverti'],
  ['喜欢', '讨厌'],
  ['总是', '从不'],
  ['内向', '外向'],
  ['长', '短'],
];

/** Two statements of one person that cannot both be true: two ages, two names, or opposites. Null if there are none. */
export function findContradiction(statements: readonly string[]): string | null {
  return (
    findTwo(statements, AGES, (a, b) => Math.abs(Number(a) - Number(b)) > 1) ??
    findTwo(statements, NAMES, (a, b) => a !== b) ??
    findOpposites(statements)
  );
}

function findTwo(
  statements: readonly string[],
  patterns: readonly RegExp[],
  differ: (first: string, other: string) => boolean,
): string | null {
  let first: { readonly value: string; readonly statement: string } | undefined;
  for (const statement of statements) {
    const value = patterns
      .map((pattern) => pattern.exec(statement)?.[1])
      .find((found) => found !== undefined);
    if (value === undefined) continue;
    first ??= { value, statement };
    if (differ(first.value, value)) return `${first.statement} | ${statement}`;
  }
  return null;
}

function findOpposites(statements: readonly string[]): string | null {
  const plain = new Map(statements.map((statement) => [padded(statement), statement]));
  for (const [text, statement] of plain) {
    for (const [one, other] of OPPOSITES) {
      const opposite = plain.get(text.replace(padded(one), padded(other)));
      if (opposite !== undefined && opposite !== statement) return `${statement} | ${opposite}`;
    }
  }
  return null;
}

function padded(text: string): string {
  return ` ${plainWords(text).join(' ')} `;
}
