import { InvalidOptionError } from '../errors.ts';
import { tidyStatements } from '../personas/statements.ts';

/**
 * Where preferences are kept between conversations. A `Map` is one; so is any key-value store with these two methods. An
 * entry is a plain list of short texts. Preferences are personal data: docs/adaptive.md says what that asks of you.
 *
 * @example
 * ```ts
 * const store: PreferenceStore = new Map<string, readonly string[]>();
 * const model = adaptive(base, { store });
 * await model.generate({ messages }, { userId: 'ann' });
 * const known = await store.get('ann');
 * ```
 */
export interface PreferenceStore {
  /** The user's preferences; undefined or null if there is no entry. */
  get(
    userId: string,
  ): readonly string[] | null | undefined | PromiseLike<readonly string[] | null | undefined>;
  /** Replaces the user's entry. */
  set(userId: string, preferences: readonly string[]): unknown;
}

/** Characters. A longer preference is cut at the last word that fits. */
export const MAX_PREFERENCE_LENGTH = 120;

/** @throws InvalidOptionError if the entry is not a list of texts. Throws whatever the store throws. */
export async function loadPreferences(
  store: PreferenceStore,
  userId: string,
  maxPreferences: number,
): Promise<readonly string[] | undefined> {
  const entry: unknown = await store.get(userId);
  if (entry === undefined || entry === null) return undefined;
  if (!Array.isArray(entry) || !entry.every((item) => typeof item === 'string')) {
    throw new InvalidOptionError('store', 'entries that are lists of texts', entry);
  }
  return tidyStatements(entry, {
    minStatements: 0,
    maxStatements: maxPreferences,
    maxLength: MAX_PREFERENCE_LENGTH,
  });
}

/**
 * Saves what was inferred, and keeps what has changed in the store since it was read: another conversation of the same user
 * may have added to it, or the user may have removed something. An entry that was deleted stays deleted.
 *
 * @param before The entry that the inference started from. Undefined if there was none.
 * @returns the list that is now in the store.
 */
export async function savePreferences(
  store: PreferenceStore,
  userId: string,
  before: readonly string[] | undefined,
  inferred: readonly string[],
  maxPreferences: number,
): Promise<readonly string[]> {
  const now = await loadPreferences(store, userId, maxPreferences);
  if (before !== undefined && now === undefined) return [];
  const removed = (before ?? []).filter((preference) => now?.includes(preference) === false);
  const added = (now ?? []).filter((preference) => before?.includes(preference) !== true);
  const kept = inferred.filter((preference) => !removed.includes(preference));
  const merged = [...new Set([...kept, ...added])].slice(0, maxPreferences);
  if (now === undefined || merged.join('\n') !== now.join('\n')) await store.set(userId, merged);
  return merged;
}
