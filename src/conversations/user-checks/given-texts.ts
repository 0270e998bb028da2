import { recentEntries } from '../../internal/recent-entries.ts';
import { remembered } from '../../internal/remembered.ts';
import type { Message } from '../../messages.ts';

/** Variables of a role-player's prompt, as far as {@link withoutGivenTexts} tells them apart. */
export interface PromptVariables {
  /** The same object at every turn of a conversation. */
  readonly persona?: object | undefined;
  readonly conversation?: readonly Message[] | undefined;
}

/** Characters. Shorter values are ids and names of roles. */
const SHORTEST_VALUE = 8;
/** Characters. What a longer text has in common with the variables is remembered, since searching it takes long. */
const LONG_TEXT = 2_000;

/** Cuts out all texts of a prompt's variables, also as they stand in JSON. The longest is cut out first. */
export function withoutGivenTexts(texts: readonly string[], variables: PromptVariables): string[] {
  const { persona, conversation = [], ...others } = variables;
  // A topic is one of the persona's facts, another one at each turn.
  const ofPersona = persona === undefined ? NONE : textsOf(persona);
  const own = formsIn(others).filter((form) => !ofPersona.includes(form));
  const fixed = own.length === 0 ? ofPersona : [...ofPersona, ...own];
  const all = longestFirst([...fixed, ...conversation.flatMap(textsOf)]);
  return texts.map((text) =>
    persona === undefined || text.length < LONG_TEXT
      ? cutOut(text, all)
      : searchOf(persona, text, fixed).cut(conversation),
  );
}

function longestFirst(values: readonly string[]): string[] {
  return [...new Set(values)].sort((a, b) => b.length - a.length);
}

function cutOut(text: string, values: readonly string[]): string {
  let rest = text;
  for (const value of values) {
    if (value.length <= rest.length && rest.includes(value)) rest = rest.split(value).join('\n');
  }
  return rest;
}

/** All texts in a value, also as they stand in JSON and without their last punctuation mark. */
function formsIn(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(formsIn);
  if (typeof value !== 'string') return [];
  const bare = value.trim().replace(/[.!?]+$/, '');
  return [value, bare, JSON.stringify(value).slice(1, -1)].filter((form) => form.length >= SHORTEST_VALUE);
}

const textsOf: (value: object) => readonly string[] = remembered((value) => [...new Set(formsIn(value))]);
const NONE: readonly string[] = [];

/** A long text of a persona's prompt, searched once for each message of its conversation. */
interface Search {
  readonly text: string;
  readonly fixed: readonly string[];
  cut(conversation: readonly Message[]): string;
}

/** Kept for the latest personas only. A pool keeps all its personas as long as the program runs, so a WeakMap would never shrink. */
const searches = recentEntries<Search, object>(500);

function searchOf(persona: object, text: string, fixed: readonly string[]): Search {
  const before = searches.get(persona);
  if (before?.text === text && isSame(before.fixed, fixed)) return before;
  const search = createSearch(text, fixed);
  searches.set(persona, search);
  return search;
}

function createSearch(text: string, fixed: readonly string[]): Search {
  const inText = (values: readonly string[]) => values.filter((value) => text.includes(value));
  const fixedFound = inText(fixed);
  const foundOf = remembered((message: Message) => inText(textsOf(message)));
  const cuts = new Map<string, string>();
  return {
    text,
    fixed,
    cut(conversation) {
      const found = [...new Set(conversation.flatMap(foundOf))];
      const key = JSON.stringify(found);
      const known = cuts.get(key);
      if (known !== undefined) return known;
      const cut = cutOut(text, longestFirst([...fixedFound, ...found]));
      cuts.set(key, cut);
      return cut;
    },
  };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return (
    one === other || (one.length === other.length && one.every((value, index) => value === other[index]))
  );
}
