import { expect } from 'vitest';
import { RunConflictError, RunStorageError } from '../../../src/errors.ts';
import { type CallPlace, formatPlace } from '../../../src/models/place.ts';
import type { RunStore } from '../../../src/runs/run-store.ts';

/** One run of a kind of store. */
export interface StoreFixture {
  /** Opens the run, or creates it. */
  open(seed?: number): Promise<RunStore>;
  /** Changes a stored answer behind the store's back. */
  damage(key: string): void;
}

/** One promise of a store. */
export interface StoreCase {
  readonly name: string;
  /** Only for stores that keep their runs. */
  readonly reopens: boolean;
  run(fixture: StoreFixture): Promise<void>;
}

const placeOf = (subject: string | number, sample = 0): CallPlace => ({
  task: 'test',
  subject: String(subject),
  turn: 1,
  role: 'speaker',
  sample,
});
const spent = (model: string, inputTokens: number, cachedInputTokens: number, outputTokens: number) => ({
  model,
  usage: { inputTokens, cachedInputTokens, outputTokens },
});
const put = (store: RunStore, key: string, value: string, place = placeOf(key), model = 'gpt') =>
  store.journal.put(key, formatPlace(place), value, spent(model, 3, 1, 2));

/** Opens, works and closes. */
async function within(fixture: StoreFixture, work: (store: RunStore) => Promise<void>): Promise<void> {
  const store = await fixture.open();
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

const AWKWARD = [
  '',
  'π 😀 "quoted" \\ %41',
  'line\nline\u2028',
  'NUL \0',
  'half \ud83d',
  "'; DROP TABLE calls; --",
];

/** What every store promises. */
export function runStoreConformance(): StoreCase[] {
  const once = (name: string, run: StoreCase['run']): StoreCase => ({ name, reopens: false, run });
  const again = (name: string, run: StoreCase['run']): StoreCase => ({ name, reopens: true, run });
  return [
    once('finds what was stored, and nothing else', (fixture) =>
      within(fixture, async (store) => {
        expect(await store.journal.get('k1', placeOf('k1'))).toBeUndefined();
        expect(await put(store, 'k1', 'one')).toBe('one');
        expect(await store.journal.get('k1', placeOf('k1'))).toBe('one');
        expect(await store.journal.get('k1')).toBe('one');
        expect(await store.journal.get('k2', placeOf('k1'))).toBeUndefined();
      }),
    ),
    once('keeps the first value of a key, at once and later, and tells it to all', (fixture) =>
      within(fixture, async (store) => {
        const values = await Promise.all([
          put(store, 'k', 'one'),
          put(store, 'k', 'two'),
          put(store, 'k', 'three'),
        ]);
        expect(values).toEqual(['one', 'one', 'one']);
        expect(await put(store, 'k', 'four')).toBe('one');
        expect(await store.journal.get('k')).toBe('one');
      }),
    ),
    again('holds everything when it is opened again, in any order and number', async (fixture) => {
      const keys = Array.from({ length: 1_200 }, (_, index) => `key-${(index * 7_919) % 1_200}`);
      await within(fixture, async (store) => {
        await Promise.all(
          keys.map((key, index) => put(store, key, `value of ${key}`, placeOf('all', index))),
        );
      });
      await within(fixture, async (store) => {
        const found = await Promise.all(
          keys.map((key, index) => store.journal.get(key, placeOf('all', index))),
        );
        expect(found).toEqual(keys.map((key) => `value of ${key}`));
        expect(await store.journal.get('other', placeOf('all', 5))).toBeUndefined();
      });
    }),
    again('adds up calls and usage by model; what is not a call costs nothing', async (fixture) => {
      await within(fixture, async (store) => {
        await Promise.all([put(store, 'a', '1'), put(store, 'b', '2'), put(store, 'b', 'again')]);
        await put(store, 'c', '3', placeOf('c'), 'judge');
        await store.journal.put('v', 'embedding', 'AAAA');
      });
      await within(fixture, async (store) => {
        const usage = (calls: number) => ({
          calls,
          usage: { inputTokens: 3 * calls, cachedInputTokens: calls, outputTokens: 2 * calls },
        });
        expect(store.journal.spending()).toEqual(
          new Map([
            ['gpt', usage(2)],
            ['judge', usage(1)],
          ]),
        );
        expect(await store.journal.get('v')).toBe('AAAA');
      });
    }),
    again('returns any text as it was, of any length', async (fixture) => {
      const texts = [...AWKWARD.map((text) => JSON.stringify(text)), JSON.stringify('long '.repeat(300_000))];
      await within(fixture, async (store) => {
        await Promise.all(
          texts.map((text, index) => put(store, `k${index}`, text, placeOf(AWKWARD[index] ?? 'long'))),
        );
      });
      await within(fixture, async (store) => {
        const found = texts.map((_, index) =>
          store.journal.get(`k${index}`, placeOf(AWKWARD[index] ?? 'long')),
        );
        expect(await Promise.all(found)).toEqual(texts);
        for (const text of ['π', "'; DROP TABLE calls; --"]) {
          expect(await store.journal.get('absent', placeOf(text))).toBeUndefined();
        }
      });
    }),
    again('knows the model of an earlier call at a place, and no call of its own', async (fixture) => {
      await within(fixture, async (store) => {
        await put(store, 'a', '1', placeOf('a'), 'old');
        expect(await store.journal.earlierModel(formatPlace(placeOf('a')))).toBeUndefined();
      });
      await within(fixture, async (store) => {
        await put(store, 'b', '2', placeOf('b'), 'new');
        const earlier = (subject: string) => store.journal.earlierModel(formatPlace(placeOf(subject)));
        expect(await earlier('a')).toBe('old');
        expect(await earlier('b')).toBeUndefined();
        // The same after its calls were fetched.
        await store.journal.get('a', placeOf('a'));
        await store.journal.get('b', placeOf('b'));
        expect(await earlier('a')).toBe('old');
        expect(await earlier('b')).toBeUndefined();
        expect(await earlier('c')).toBeUndefined();
      });
    }),
    again('keeps seed and header, and refuses another seed', async (fixture) => {
      const first = await fixture.open(7);
      expect(first.header).toEqual({ seed: 7, servers: {}, reported: {} });
      await first.saveHeader({
        seed: 7,
        servers: { gpt: 'localhost:1' },
        reported: { gpt: ['gpt-4', null] },
      });
      await first.close();
      await within(fixture, async ({ header }) => {
        expect(header).toEqual({
          seed: 7,
          servers: { gpt: 'localhost:1' },
          reported: { gpt: ['gpt-4', null] },
        });
      });
      await expect(fixture.open(8)).rejects.toThrow(RunConflictError);
      await expect(fixture.open(8)).rejects.toThrow(/seed 7, not 8/);
    }),
    again('takes a damaged row for missing, and replaces it', async (fixture) => {
      await within(fixture, async (store) => {
        await Promise.all(['a', 'b'].map((key) => put(store, key, `"${key}"`, placeOf('both'))));
      });
      fixture.damage('a');
      await within(fixture, async (store) => {
        expect(await store.journal.get('a', placeOf('both'))).toBeUndefined();
        expect(await store.journal.get('b', placeOf('both'))).toBe('"b"');
        expect(await put(store, 'a', '"anew"', placeOf('both'))).toBe('"anew"');
        expect(await store.journal.get('a', placeOf('both'))).toBe('"anew"');
      });
      await within(fixture, async (store) => {
        expect(await store.journal.get('a', placeOf('both'))).toBe('"anew"');
      });
    }),
    once('finds what is stored while it is asked for', (fixture) =>
      within(fixture, async (store) => {
        for (let round = 0; round < 50; round++) {
          const place = placeOf(`s${round}`);
          const stored = put(store, `k${round}`, 'value', place);
          const early = store.journal.get(`k${round}`, place);
          await stored;
          expect([undefined, 'value']).toContain(await early);
          expect(await store.journal.get(`k${round}`, place)).toBe('value');
        }
      }),
    ),
    once('refuses work once it is closed', async (fixture) => {
      const store = await fixture.open();
      await put(store, 'a', '1');
      await store.close();
      const closed = { name: 'RunStorageError', message: expect.stringContaining('The run is closed.') };
      await expect((async () => store.journal.get('b', placeOf('b')))()).rejects.toMatchObject(closed);
      await expect(put(store, 'b', '2')).rejects.toMatchObject(closed);
      await expect(put(store, 'b', '2')).rejects.toThrow(RunStorageError);
    }),
  ];
}
