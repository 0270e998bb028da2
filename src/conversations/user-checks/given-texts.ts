import { remembered } from '../../internal/remembered.ts';
import type { Message } from '../../messages.ts';

/** Variables of a role-player's prompt, as far as {@link withoutGivenTexts} tells them apart. */
export interface PromptVariables {
  readonly persona?: object | undefined;
  readonly conversation?: readonly Message[] | undefined;
}

/** Characters. Shorter values are ids and names of roles. */
const SHORTEST_VALUE = 8;
/** Characters. Such a text is the prompt's instructions, and they are searched once for a persona. */
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
    const owner = message.content.length < LONG_TEXT ? message : (persona ?? message);
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

/** What was found in a text, and the text without it. */
interface Found {
  readonly values: readonly string[];
  readonly rest: string;
  /** Length of the conversation whose messages were looked for. */
  readonly searched: number;
}

function createSearch(text: string, fixed: readonly string[]): Search {
  const inText = (values: readonly string[]) => values.filter((value) => text.includes(value));
  const withValues = (values: readonly string[], searched: number): Found => ({
    values,
    rest: cutOut(text, longestFirst(values)),
    searched,
  });
  const withoutMessages = withValues(inText(fixed), 0);
  /** By the last message of a conversation, so that the next turn goes on there, in every branch. */
  const known = new WeakMap<Message, Found>();

  /** The longest beginning of the conversation that was searched before. */
  function foundBefore(conversation: readonly Message[]): Found {
    for (let count = conversation.length; count > 0; count--) {
      const found = known.get(conversation[count - 1]!);
      if (found?.searched === count) return found;
    }
    return withoutMessages;
  }

  function find(conversation: readonly Message[]): Found {
    const before = foundBefore(conversation);
    const searched = conversation.length;
    if (before.searched === searched) return before;
    const news = conversation.slice(before.searched).flatMap((message) => inText(textsOf(message)));
    const found =
      news.length === 0 ? { ...before, searched } : withValues([...before.values, ...news], searched);
    known.set(conversation.at(-1)!, found);
    return found;
  }

  return { text, fixed, cut: (conversation) => find(conversation).rest };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return (
    one === other || (one.length === other.length && one.every((value, index) => value === other[index]))
  );
}
