import { remembered } from '../../internal/remembered.ts';
import type { Message } from '../../messages.ts';

/** Variables of a role-player's prompt, as far as {@link withoutGivenTexts} tells them apart. */
export interface PromptVariables {
  readonly persona?: object | undefined;
  readonly conversation?: readonly Message[] | undefined;
}

/** Characters. Shorter values are ids and names of roles. */
const SHORTEST_VALUE = 8;
/** Characters. Such a text is the prompt's instructions, and they are searched once in a conversation. */
const LONG_TEXT = 2_000;

/** Cuts all texts of a prompt's variables out of its messages, also as they stand in JSON. The longest is cut out first. */
export function withoutGivenTexts(messages: readonly Message[], variables: PromptVariables): string[] {
  const { persona, conversation = [], ...others } = variables;
  const ofPersona = persona === undefined ? NONE : textsOf(persona);
  // A topic is one of the persona's facts, another one at each turn.
  const own = formsIn(others).filter((form) => !ofPersona.includes(form));
  const fixed = own.length === 0 ? ofPersona : [...ofPersona, ...own];
  return messages.map((message) => {
    // A prompt may make its messages anew at each turn, but the long one hardly changes.
    const owner = message.content.length < LONG_TEXT ? message : (conversation[0] ?? message);
    return searchOf(owner, message.content, fixed).cut(conversation);
  });
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

/** A text of a prompt, searched once for each message of a conversation. */
interface Search {
  readonly text: string;
  readonly fixed: readonly string[];
  cut(conversation: readonly Message[]): string;
}

const searches = new WeakMap<object, Search>();

function searchOf(owner: object, text: string, fixed: readonly string[]): Search {
  const before = searches.get(owner);
  if (before?.text === text && isSame(before.fixed, fixed)) return before;
  const search = createSearch(text, fixed);
  searches.set(owner, search);
  return search;
}

function createSearch(text: string, fixed: readonly string[]): Search {
  const inText = (values: readonly string[]) => values.filter((value) => text.includes(value));
  const fixedFound = inText(fixed);
  let found = fixedFound;
  let searched: readonly Message[] = [];
  let rest = cutOut(text, longestFirst(found));
  return {
    text,
    fixed,
    cut(conversation) {
      const goesOn = searched.every((message, index) => message === conversation[index]);
      const before = goesOn ? found : fixedFound;
      const news = conversation
        .slice(goesOn ? searched.length : 0)
        .flatMap((message) => inText(textsOf(message)));
      const now = news.length === 0 ? before : [...before, ...news];
      if (now !== found) rest = cutOut(text, longestFirst(now));
      found = now;
      searched = conversation;
      return rest;
    },
  };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return (
    one === other || (one.length === other.length && one.every((value, index) => value === other[index]))
  );
}
