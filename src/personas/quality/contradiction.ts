import { statedAge } from '../stated-age.ts';
import { plainWords } from './plain-words.ts';

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
    findTwo(statements, statedAge, (a, b) => Math.abs(a - b) > 1) ??
    findTwo(statements, statedName, (a, b) => a !== b) ??
    findOpposites(statements)
  );
}

function statedName(fact: string): string | undefined {
  return NAMES.map((pattern) => pattern.exec(fact)?.[1]).find((found) => found !== undefined);
}

function findTwo<Value>(
  statements: readonly string[],
  read: (statement: string) => Value | undefined,
  differ: (first: Value, other: Value) => boolean,
): string | null {
  let first: { readonly value: Value; readonly statement: string } | undefined;
  for (const statement of statements) {
    const value = read(statement);
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
