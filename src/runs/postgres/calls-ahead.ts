import { type Subject, subjectOf } from './stored-calls.ts';

/** A subject, to be looked into. */
interface Ahead {
  readonly values: ReadonlyMap<string, string>;
  /** The model of the call that was at each place when the run was opened. */
  readonly early: ReadonlyMap<string, string>;
  /** Whether these are all that were there when the run was opened. */
  readonly isWhole: boolean;
  readonly characters: number;
}

/** Calls fetched ahead. Longer ones push out the subject that was used least recently. */
const MAX_CHARACTERS = 64_000_000;

/** Stored calls, fetched for a whole subject at once: a replay asks for one after the other. */
export class CallsAhead {
  /** The most recently used last. */
  readonly #subjects = new Map<string, Ahead>();
  #characters = 0;

  has(subject: string): boolean {
    return this.#subjects.has(subject);
  }

  /** The value of a key, if it is among those that were fetched. */
  value(subject: string, key: string): string | undefined {
    const found = this.#subjects.get(subject);
    if (found === undefined) return undefined;
    this.#subjects.delete(subject);
    this.#subjects.set(subject, found);
    return found.values.get(key);
  }

  /** The model of an earlier call at a place. Null if it is not known here. */
  earlierModel(place: string): string | undefined | null {
    const found = this.#subjects.get(subjectOf(place));
    const model = found?.early.get(place);
    return model ?? (found?.isWhole ? undefined : null);
  }

  add(subject: string, { calls, isWhole }: Subject): void {
    const early = new Map<string, string>();
    for (const { place, model, early: isEarly } of calls) {
      if (isEarly && model !== null && !early.has(place)) early.set(place, model);
    }
    this.#remove(subject);
    const characters = calls.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
    this.#subjects.set(subject, {
      values: new Map(calls.map(({ key, value }) => [key, value])),
      early,
      isWhole,
      characters,
    });
    this.#characters += characters;
    for (const [least] of this.#subjects) {
      if (this.#characters <= MAX_CHARACTERS || this.#subjects.size === 1) break;
      this.#remove(least);
    }
  }

  #remove(subject: string): void {
    this.#characters -= this.#subjects.get(subject)?.characters ?? 0;
    this.#subjects.delete(subject);
  }
}
