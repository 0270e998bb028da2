/** What the quality gate of growth looks for, in the order of looking. */
export const ENTRY_FLAWS: readonly [
  'placeholder',
  'echo',
  'copied',
  'repetition',
  'contradiction',
  'language',
] = ['placeholder', 'echo', 'copied', 'repetition', 'contradiction', 'language'];

/**
 * Why the quality gate refuses a generated entry. `placeholder`: a blank to fill in, such as `{{name}}` or lorem ipsum. `echo`:
 * words of the prompt. `copied`: statements of another entry, word for word. `repetition`: one statement twice, or a loop.
 * `contradiction`: two ages, two names, or opposites. `language`: another language than the pool's.
 */
export type EntryFlaw = (typeof ENTRY_FLAWS)[number];

/** A flaw and where it shows. */
export interface FoundFlaw {
  readonly flaw: EntryFlaw;
  /** The statement, or the statements, with the flaw. */
  readonly evidence: string;
}
