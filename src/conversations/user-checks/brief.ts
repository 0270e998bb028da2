import { recentEntries } from '../../internal/recent-entries.ts';
import type { Message } from '../../messages.ts';
import { type PromptVariables, withoutGivenTexts } from './given-texts.ts';
import { plainSpeech } from './phrases/plain-speech.ts';

/** Words in a row, or twice as many Chinese characters. So many are not shared with the prompt by chance. */
const RUN = 6;
const WORD = /\p{Script=Han}|[^\P{L}\p{Script=Han}]+|\p{N}+/gu;
const HAN = /\p{Script=Han}/u;
/** What stands before a colon, and at the start of a line or sentence: `Write about this:`. */
const HEAD = /(?<=^|[\n.!?。！？] ?)[^\n.!?:：。！？]{3,60}(?=[:：])/gu;
/** The words that a prompt adds to what it was given: its instructions and labels. */
export interface Brief {
  /** All runs of so many words. */
  readonly runs: ReadonlySet<string>;
  /** Words in a run. */
  readonly length: number;
  /** What it writes before colons. */
  readonly heads: ReadonlySet<string>;
}

/**
 * Takes the prompt's own words from its messages, so that a message that repeats them can be found. The variables of the
 * prompt (statements, the conversation, a topic) are cut out, because the person may use those words. So are its quotations:
 * they are examples of what people say.
 */
export function briefOf(messages: readonly Message[], variables: PromptVariables): Brief {
  const asked = messages.filter(({ role }) => role !== 'assistant').map(({ content }) => content);
  const own = new Set(withoutGivenTexts(asked, variables));
  return readBrief([...own].join('\n'));
}

/** The latest briefs. Without what they were given, prompts differ in little more than the number of statements and turns. */
const known = recentEntries<Brief>(50);

function readBrief(text: string): Brief {
  const before = known.get(text);
  if (before !== undefined) return before;
  const brief = briefOfText(text);
  known.set(text, brief);
  return brief;
}

/**
 * The words of a text that is a prompt's own throughout. Its quotations are left out.
 *
 * @param length Words in a run.
 */
export function briefOfText(text: string, length: number = RUN): Brief {
  const speech = plainSpeech(text);
  return {
    runs: new Set(speech.split('\n').flatMap((line) => runsOf(line, length))),
    length,
    heads: new Set(headsOf(speech)),
  };
}

/** The prompt's own words that a message repeats. Null if there are none. */
export function findEcho(message: string, { runs, length, heads }: Brief): string | null {
  const text = message.toLowerCase();
  return (
    runsOf(text, length).find((run) => runs.has(run)) ?? headsOf(text).find((head) => heads.has(head)) ?? null
  );
}

/** All runs of so many words in a text in lower case. */
export function runsOf(text: string, run: number): string[] {
  const words = text.match(WORD) ?? [];
  const runs: string[] = [];
  let end = 0;
  let length = 0;
  for (let start = 0; start < words.length; start++) {
    for (; length < run && end < words.length; end++) length += lengthOf(words[end]!);
    if (length < run) break;
    runs.push(words.slice(start, end).join(' '));
    length -= lengthOf(words[start]!);
  }
  return runs;
}

function lengthOf(word: string): number {
  return HAN.test(word) ? 0.5 : 1;
}

function headsOf(text: string): string[] {
  return Array.from(text.matchAll(HEAD), ([head]) => (head.match(WORD) ?? []).join(' ')).filter(Boolean);
}
