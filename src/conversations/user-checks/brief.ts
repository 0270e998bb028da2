import { recentEntries } from '../../internal/recent-entries.ts';
import { endsOfRuns } from '../../internal/word-runs.ts';
import { wordsIn } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';
import { type PromptVariables, withoutGivenTexts } from './given-texts.ts';
import { plainSpeech } from './phrases/plain-speech.ts';

/** Words in a row, or twice as many Chinese characters. So many are not shared with the prompt by chance. */
const RUN = 6;
const HAN = /\p{Script=Han}/u;
/** No Chinese character has a lower code. */
const FIRST_HAN = 0x2e80;
const COLON = /[:：]/;
/** What stands before a colon, and at the start of a line or sentence: `Write about this:`. */
const HEAD = /(?<=^|[\n.!?。！？] ?)[^\n.!?:：。！？]{3,60}(?=[:：])/gu;
/** The words that a prompt adds to what it was given: its instructions and labels. */
export interface Brief {
  /** All runs of so many words. */
  readonly runs: ReadonlySet<string>;
  /** Words in a run. */
  readonly length: number;
  /** Their second words by their first. Few runs of a message begin with two of these. */
  readonly starts: ReadonlyMap<string, ReadonlySet<string>>;
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
  const runs = new Set<string>();
  const starts = new Map<string, Set<string>>();
  for (const line of speech.split('\n')) {
    const words = wordsIn(line);
    for (const [start, end] of endsOfRuns(words, length, lengthOf).entries()) {
      const [first, second] = [words[start]!, words[start + 1]!];
      runs.add(words.slice(start, end).join(' '));
      starts.set(first, (starts.get(first) ?? new Set()).add(second));
    }
  }
  return { runs, starts, length, heads: new Set(headsOf(speech)) };
}

/** The prompt's own words that a message repeats. Null if there are none. */
export function findEcho(message: string, brief: Brief): string | null {
  const text = message.toLowerCase();
  return findRun(wordsIn(text), brief) ?? findHead(text, brief);
}

/** What a text in lower case writes before a colon and the prompt does too. Null if there is none. */
export function findHead(text: string, { heads }: Brief): string | null {
  return headsOf(text).find((head) => heads.has(head)) ?? null;
}

/** The first run of the prompt's words among these, which are in lower case. Null if there is none. */
export function findRun(words: readonly string[], { runs, starts, length }: Brief): string | null {
  for (const [start, end] of endsOfRuns(words, length, lengthOf).entries()) {
    if (!starts.get(words[start]!)?.has(words[start + 1]!)) continue;
    const run = words.slice(start, end).join(' ');
    if (runs.has(run)) return run;
  }
  return null;
}

function lengthOf(word: string): number {
  return word.charCodeAt(0) >= FIRST_HAN && HAN.test(word) ? 0.5 : 1;
}

function headsOf(text: string): string[] {
  if (!COLON.test(text)) return [];
  return Array.from(text.matchAll(HEAD), ([head]) => wordsIn(head).join(' ')).filter(Boolean);
}
