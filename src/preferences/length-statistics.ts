import { remembered } from '../internal/remembered.ts';
import type { Message } from '../messages.ts';
import { codePoints, countWords } from './text-length.ts';

/** Distribution of lengths. */
export interface Distribution {
  /** Rounded to two decimals. */
  readonly mean: number;
  /** The shortest length. */
  readonly min: number;
  /** The longest length. */
  readonly max: number;
  /** Median, by nearest rank. */
  readonly p50: number;
  /** 95th percentile, by nearest rank. */
  readonly p95: number;
}

/** Lengths of a set of texts. */
export interface LengthStatistics {
  /** Number of texts. */
  readonly count: number;
  /** Lengths in Unicode code points. */
  readonly characters: Distribution;
  /** Lengths in words, separated by whitespace. */
  readonly words: Distribution;
}

/** Collects the lengths of a stream of texts. */
export interface LengthCounter {
  add(text: string): void;
  /** Adds the text of several messages, with a line break between them. */
  addMessages(messages: readonly Message[]): void;
  /** Null if nothing was added. */
  result(): LengthStatistics | null;
}

export function createLengthCounter(): LengthCounter {
  const characters = new Histogram();
  const words = new Histogram();
  return {
    add(text) {
      characters.add(codePoints(text));
      words.add(countWords(text));
    },
    addMessages(messages) {
      const lengths = messages.map(lengthOf);
      const breaks = Math.max(0, messages.length - 1);
      characters.add(lengths.reduce((sum, length) => sum + length.characters, breaks));
      words.add(lengths.reduce((sum, length) => sum + length.words, 0));
    },
    result: () =>
      characters.count === 0
        ? null
        : { count: characters.count, characters: characters.distribution(), words: words.distribution() },
  };
}

/** The records of a conversation share its messages. */
const lengthOf: (message: Message) => { readonly characters: number; readonly words: number } = remembered(
  ({ content }) => ({ characters: codePoints(content), words: countWords(content) }),
);

/** Counts how often each length occurs. Exact, and no larger than the longest length. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  count = 0;

  add(length: number): void {
    this.#counts.set(length, (this.#counts.get(length) ?? 0) + 1);
    this.count += 1;
  }

  distribution(): Distribution {
    const lengths = [...this.#counts].sort(([a], [b]) => a - b);
    const sum = lengths.reduce((total, [length, count]) => total + length * count, 0);
    return {
      mean: Math.round((100 * sum) / this.count) / 100,
      min: lengths[0]![0],
      max: lengths.at(-1)![0],
      p50: atRank(lengths, Math.ceil(0.5 * this.count)),
      p95: atRank(lengths, Math.ceil(0.95 * this.count)),
    };
  }
}

function atRank(lengths: readonly (readonly [length: number, count: number])[], rank: number): number {
  let below = 0;
  for (const [length, count] of lengths) {
    below += count;
    if (below >= rank) return length;
  }
  return lengths.at(-1)![0];
}
