import { canonicalJson } from '../internal/canonical-json.ts';
import { recentEntries } from '../internal/recent-entries.ts';
import { orAborted } from '../internal/until-aborted.ts';
import { webSha256 } from '../internal/web-hash.ts';
import type { Message } from '../messages.ts';
import { NO_USAGE, type Usage } from '../models/chat-model.ts';
import { type CheckedLearningOptions, checkKnownPreferences } from './adaptive-options.ts';
import { inferTurn, type UserTurn, waitLimit } from './infer-turn.ts';
import { loadPreferences, type PreferenceStore, savePreferences } from './preference-store.ts';

/** What is known about the user, and what it cost to learn it. */
export interface Learned {
  readonly preferences: readonly string[];
  readonly usage: Usage;
  /** Why there was no inference for this turn. */
  readonly error?: unknown;
}

/** A user turn that was seen before. */
interface SeenTurn {
  /** The list after this turn. Empty if the store has it, so that deleting it there deletes it everywhere. */
  readonly preferences: readonly string[];
  /** Number of messages whose reading is in the list. After a failure or an abort, fewer than there are. */
  readonly read: number;
  /** Whether the inference has ended, well or not. False after an abort: the same turn is then read again. */
  readonly ended: boolean;
  /** Why the inference failed. */
  readonly error?: unknown;
}

/**
 * Learns the user's preferences turn by turn. Each turn is read once: several requests for one user message, such as the
 * steps of a tool loop, share one inference, even if it failed. Requests at the same moment do not.
 */
export function preferenceLearner(options: CheckedLearningOptions): (turn: UserTurn) => Promise<Learned> {
  const { maxPreferences, timeoutMs, onEvent } = options;
  const start = checkKnownPreferences(options.known, maxPreferences);
  const turns = recentEntries<SeenTurn>(options.keptInferences);

  /** Undefined if this user is not stored, or the store failed. */
  async function load({ userId, signal, place }: UserTurn): Promise<StoredUser | undefined> {
    const { store } = options;
    if (store === undefined || userId === undefined) return undefined;
    try {
      const loading = loadPreferences(store, userId, maxPreferences);
      return { store, userId, entry: await orAborted(loading, waitLimit(signal, timeoutMs)) };
    } catch (error) {
      signal?.throwIfAborted();
      onEvent({ type: 'store-failed', error, userId, place });
      return undefined;
    }
  }

  /** Undefined if the store failed. */
  async function save(
    { store, userId, entry }: StoredUser,
    inferred: readonly string[],
    { signal, place }: UserTurn,
  ): Promise<readonly string[] | undefined> {
    try {
      const saving = savePreferences(store, userId, entry, inferred, maxPreferences);
      return await orAborted(saving, waitLimit(signal, timeoutMs));
    } catch (error) {
      signal?.throwIfAborted();
      onEvent({ type: 'store-failed', error, userId, place });
      return undefined;
    }
  }

  return async (turn) => {
    const { conversation, userId, place } = turn;
    const key = await keyOf(userId, conversation);
    const user = await load(turn);
    const stored = user && (user.entry ?? start);
    const seen = turns.get(key);
    if (seen?.ended) {
      return { preferences: stored ?? seen.preferences, usage: NO_USAGE, error: seen.error };
    }

    const before = conversation.slice(0, -1).findLastIndex(({ role }) => role === 'user') + 1;
    const earlier = before === 0 ? undefined : turns.get(await keyOf(userId, conversation.slice(0, before)));
    const read = earlier?.read ?? 0;
    const isStored = options.store !== undefined && userId !== undefined;
    const follows = user !== undefined || !isStored;
    const known = stored ?? earlier?.preferences ?? start;
    const atFirst = { preferences: user ? [] : known, read };
    // An abort leaves this one, so that the next turn reads on from here.
    if (turns.get(key) === undefined) turns.set(key, { ...atFirst, ended: false });
    const unread = follows ? conversation.slice(read) : conversation;
    const result = await inferTurn(turn, unread, follows ? known : start, options);
    const { usage, error } = result;
    if (result.preferences === undefined) {
      turns.set(key, { ...atFirst, ended: true, error });
      onEvent({ type: 'inference-failed', error, userId, usage, place });
      return { preferences: known, usage, error };
    }
    const saved = user && (await save(user, result.preferences, turn));
    const preferences = saved ?? result.preferences;
    const isKept = saved !== undefined || !isStored;
    turns.set(key, {
      preferences: saved ? [] : preferences,
      read: isKept ? conversation.length : read,
      ended: true,
    });
    onEvent({ type: 'preferences-inferred', preferences, userId, usage, place });
    return { preferences, usage };
  };
}

interface StoredUser {
  readonly store: PreferenceStore;
  readonly userId: string;
  readonly entry: readonly string[] | undefined;
}

function keyOf(userId: string | undefined, conversation: readonly Message[]): Promise<string> {
  return webSha256(
    canonicalJson([userId ?? null, ...conversation.map(({ role, content }) => [role, content])]),
  );
}
