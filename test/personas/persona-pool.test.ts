import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InvalidFileError, InvalidOptionError, MissingKeyError, ModelCallError } from '../../src/errors.ts';
import { seededRandom } from '../../src/internal/random.ts';
import type { CallOptions, ChatModel, ChatRequest } from '../../src/models/chat-model.ts';
import { describeShortfall } from '../../src/personas/describe-shortfall.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { personaPoolSchema } from '../../src/personas/pool-data.ts';
import type { PersonaPoolEvent } from '../../src/personas/pool-events.ts';
import { memoryRun, openRun } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-pool-'));
});
afterAll(() => rm(dir, { recursive: true }));

const SYLLABLES = ['ba', 'ke', 'li', 'mo', 'nu', 'pra', 'sto', 'vi', 'wen', 'zu'];

/** An entry that shares no words with others, so that the fake embedder finds no similarity. */
function person(name: string): string[] {
  const random = seededRandom([...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7));
  const word = () => Array.from({ length: 4 }, () => SYLLABLES[Math.floor(random() * 10)]).join('');
  return Array.from({ length: 4 }, () => `${word()} ${word()} ${word()}`);
}

/** Answers each call with entries named after the pool and the call number. */
function fresh(perCall: number) {
  return ({ outputSchema }: ChatRequest, { place }: CallOptions): string => {
    const people = Array.from({ length: perCall }, (_, i) =>
      person(`${place!.subject}-${place!.sample}-${i}`),
    );
    return JSON.stringify({ [outputSchema!.name]: people });
  };
}

const SMALL = {
  entriesPerCall: 4,
  callsPerWave: 3,
  profiles: 30,
  personalities: 16,
  embedder: fakeEmbedder({ dimensions: 256 }),
};
const down = () => new ModelCallError('scripted', 'no answer', { retryable: false });

describe('PersonaPool.grow', () => {
  it('starts from the default seed entries and stops at exactly the target sizes', async () => {
    const pool = await PersonaPool.grow({ ...SMALL, model: scriptedModel(fresh(4)) });
    expect(pool.size).toEqual({ profiles: 30, personalities: 16 });
    expect(pool.profiles[0]!.id).toBe('profile-seed-01');
    expect(pool.profiles[20]).toEqual({ id: 'profile-1', facts: person('profiles-0-0') });
    expect(pool.personalities[12]).toEqual({ id: 'personality-1', traits: person('personalities-0-0') });
    expect(pool.data.origins.profiles).toMatchObject({ 'profile-seed-20': 'seed', 'profile-1': 'generated' });
    expect(pool.growth!.outcomes.profiles).toEqual({
      stopped: 'target',
      shortfall: 0,
      calls: 3,
      generated: 10,
      discarded: [],
      flawed: [],
      unusable: [],
    });
  });

  it('makes each call with examples from the pool, a schema and its own seed', async () => {
    const model = scriptedModel(fresh(4));
    await PersonaPool.grow({ ...SMALL, run: memoryRun({ seed: 5 }), model, examplesPerCall: 2 });
    const requests = model.calls
      .filter(({ options }) => options.place!.subject === 'profiles')
      .map(({ request }) => request);
    expect(requests).toHaveLength(3);
    for (const request of requests) {
      expect(request).toMatchObject({
        temperature: 0.8,
        maxOutputTokens: 1600,
        outputSchema: { name: 'profiles' },
      });
      expect(request.messages[1]!.content.match(/^\[/gm)).toHaveLength(2);
    }
    expect(new Set(requests.map(({ seed }) => seed)).size).toBe(3);
    expect(new Set(requests.map(({ messages }) => messages[1]!.content)).size).toBe(3);
  });

  it("takes the embedder's own similarity threshold, unless it is given one", async () => {
    const embedder = { ...fakeEmbedder(), similarityThreshold: 0.25 };
    const options = { ...SMALL, embedder, profiles: 20, personalities: 12, model: scriptedModel(fresh(4)) };
    expect((await PersonaPool.grow(options)).growth!.similarityThreshold).toEqual({
      profiles: 0.25,
      personalities: 0.25,
    });
    const own = await PersonaPool.grow({ ...options, similarityThreshold: 0.7 });
    expect(own.growth!.similarityThreshold).toEqual({ profiles: 0.7, personalities: 0.7 });
  });

  it('makes no calls if there are enough seed entries, and keeps only as many as the target', async () => {
    const model = scriptedModel(fresh(4));
    const pool = await PersonaPool.grow({ ...SMALL, model, profiles: 6, personalities: 12 });
    expect(pool.size).toEqual({ profiles: 6, personalities: 12 });
    expect(model.calls).toHaveLength(0);
  });

  it('gives the same pool whatever order replies arrive in', async () => {
    const grow = async (delaySeed: number | null) => {
      const random = seededRandom(delaySeed ?? 0);
      const answer = fresh(4);
      const model = scriptedModel(async (request, options) => {
        if (delaySeed !== null) await sleep(random() * 8);
        return answer(request, options);
      });
      return (await PersonaPool.grow({ ...SMALL, model })).data;
    };
    const expected = await grow(null);
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (delaySeed) => {
        expect(await grow(delaySeed)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  it('discards near-duplicates of the pool and of the same wave, and records what they resembled', async () => {
    const one = person('one');
    const almost = [...one.slice(0, 3), `${one[3]} indeed`];
    const seedFacts = ['Rides a unicycle', 'Mends clocks', 'Is 40'];
    const events: PersonaPoolEvent[] = [];
    const pool = await PersonaPool.grow({
      ...SMALL,
      model: scriptedModel((_request, { place }) =>
        place!.sample === 0
          ? JSON.stringify([one, almost, [...seedFacts, 'Hums']])
          : JSON.stringify([person('two')]),
      ),
      seeds: {
        profiles: [{ id: 'mine', facts: seedFacts }],
        personalities: [{ id: 'calm', traits: ['Is calm'] }],
      },
      profiles: 3,
      personalities: 1,
      callsPerWave: 1,
      // It would find the same entries by their words.
      qualityGate: false,
      onEvent: (event) => events.push(event),
    });
    expect(pool.profiles.map(({ id }) => id)).toEqual(['mine', 'profile-1', 'profile-4']);
    const { discarded, generated } = pool.growth!.outcomes.profiles;
    expect(generated).toBe(4);
    expect(discarded).toMatchObject([
      { id: 'profile-2', statements: almost, nearestId: 'profile-1' },
      { id: 'profile-3', nearestId: 'mine' },
    ]);
    for (const { similarity } of discarded) expect(similarity).toBeGreaterThan(0.6);
    expect(events.filter(({ type }) => type === 'entry-discarded')).toMatchObject(
      discarded.map(({ id, nearestId, similarity }) => ({ kind: 'profiles', id, nearestId, similarity })),
    );
    expect(events.filter(({ type }) => type === 'wave-end')).toEqual([
      { type: 'wave-end', kind: 'profiles', size: 2, target: 3, acceptance: 1 / 3 },
      { type: 'wave-end', kind: 'profiles', size: 3, target: 3, acceptance: 0.5 },
    ]);
  });

  it('stops at the bottleneck, but only after a full window', async () => {
    const model = scriptedModel((_request, { place }) =>
      JSON.stringify(Array(4).fill(person(place!.subject))),
    );
    const pool = await PersonaPool.grow({
      ...SMALL,
      model,
      qualityGate: false,
      bottleneck: { acceptance: 0.1, window: 20 },
    });
    const { profiles, personalities } = pool.growth!.outcomes;
    expect(profiles).toMatchObject({ stopped: 'bottleneck', calls: 6, generated: 24 });
    expect(profiles.discarded).toHaveLength(23);
    expect(personalities.stopped).toBe('bottleneck');
    expect(pool.size).toEqual({ profiles: 21, personalities: 13 });
  });

  it('stops at the maximum number of calls', async () => {
    const events: PersonaPoolEvent[] = [];
    const pool = await PersonaPool.grow({
      ...SMALL,
      model: scriptedModel('Sorry, what?'),
      maxCalls: 5,
      onEvent: (event) => events.push(event),
    });
    expect(pool.growth!.outcomes.profiles).toMatchObject({ stopped: 'max-calls', calls: 5, generated: 0 });
    expect(pool.growth!.outcomes.profiles.unusable.map(({ call }) => call)).toEqual([0, 1, 2, 3, 4]);
    const ends = events.filter(({ type }) => type === 'growth-end');
    expect(ends).toContainEqual({
      type: 'growth-end',
      kind: 'profiles',
      size: 20,
      target: 30,
      stopped: 'max-calls',
    });
    expect(pool.growth!.outcomes.profiles.shortfall).toBe(10);
    expect(describeShortfall(pool)).toBe(
      'Only 20 of 30 profiles: the calls were used up (0 generated, 0 near-duplicates, 5 parts of replies unusable).\n' +
        'Only 12 of 16 personalities: the calls were used up (0 generated, 0 near-duplicates, 5 parts of replies unusable).',
    );
    expect(describeShortfall(await PersonaPool.grow({ ...SMALL, model: scriptedModel(fresh(4)) }))).toBe('');
  });

  it('reports isolated failed and malformed calls and continues', async () => {
    const answer = fresh(4);
    const events: PersonaPoolEvent[] = [];
    const model = scriptedModel((request, options) => {
      if (options.place!.sample === 0) return down();
      return options.place!.sample === 1 ? 'I cannot create people.' : answer(request, options);
    });
    const pool = await PersonaPool.grow({ ...SMALL, model, onEvent: (event) => events.push(event) });
    expect(pool.size).toEqual({ profiles: 30, personalities: 16 });
    expect(pool.growth!.outcomes.profiles.unusable).toMatchObject([
      { call: 0, reason: 'call-failed', text: expect.stringContaining('no answer') },
      { call: 1, reason: 'refusal' },
    ]);
    expect(
      events.filter((event) => event.type === 'reply-unusable' && event.kind === 'profiles'),
    ).toHaveLength(2);
  });

  it('says why a call failed whatever was thrown, without secrets', async () => {
    const key = 'sk-abcdefghijklmnopqrstuvwxyz123456';
    const answering = scriptedModel(fresh(4));
    const model: ChatModel = {
      id: 'own',
      async generate(request, options = {}) {
        // A model of one's own may throw anything.
        if (options.place!.sample === 0) throw 'the line is busy';
        if (options.place!.sample === 1) throw null;
        if (options.place!.sample === 2) throw new Error(`401 for ${key}`);
        return answering.generate(request, options);
      },
    };
    const pool = await PersonaPool.grow({ ...SMALL, callsPerWave: 4, model });
    const texts = pool.growth!.outcomes.profiles.unusable.map(({ text }) => text);
    expect(texts).toEqual(['the line is busy', 'null', expect.stringMatching(/^401 for /)]);
    expect(texts.join()).not.toContain(key);
  });

  it('throws if every call of a wave fails', async () => {
    await expect(PersonaPool.grow({ ...SMALL, model: scriptedModel(down) })).rejects.toThrow(ModelCallError);
    await expect(PersonaPool.grow({ ...SMALL, model: scriptedModel(down), maxCalls: 1 })).rejects.toThrow(
      ModelCallError,
    );
    const answer = fresh(1);
    const later = scriptedModel((request, options) =>
      options.place!.sample! < 3 ? answer(request, options) : down(),
    );
    await expect(PersonaPool.grow({ ...SMALL, model: later })).rejects.toThrow(ModelCallError);
  });

  it('continues after one failed call in a wave of one', async () => {
    const answer = fresh(4);
    const model = scriptedModel((request, options) =>
      options.place!.sample === 1
        ? down()
        : answer(request, { ...options, place: { ...options.place!, subject: 'x' } }),
    );
    const pool = await PersonaPool.grow({ ...SMALL, model, profiles: 25, personalities: 1, callsPerWave: 2 });
    expect(pool.size.profiles).toBe(25);
  });

  it('stops at once for an error that would affect every call', async () => {
    const model = scriptedModel(({ outputSchema }, { place }) =>
      outputSchema!.name === 'profiles' && place!.sample === 0
        ? new MissingKeyError('x', 'X_KEY')
        : fresh(4)({ messages: [], outputSchema }, { place }),
    );
    await expect(PersonaPool.grow({ ...SMALL, model })).rejects.toThrow(MissingKeyError);
  });

  it('leaves nothing running if one of the two pools fails', async () => {
    let ended: unknown;
    // Marked as free, because paid calls would be left to finish.
    const script = scriptedModel(async ({ outputSchema }, { signal }) => {
      if (outputSchema!.name === 'profiles') return new MissingKeyError('x', 'X_KEY');
      await sleep(60_000, undefined, { signal }).catch((error: Error) => {
        ended = error.name;
      });
      return '';
    });
    const model = { ...script, free: true };
    await expect(PersonaPool.grow({ ...SMALL, model })).rejects.toThrow(MissingKeyError);
    await vi.waitFor(() => expect(ended).toBe('AbortError'), { timeout: 60_000 });
  });

  it("throws the signal's reason", async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const model = scriptedModel(() => {
      controller.abort(reason);
      return '';
    });
    await expect(PersonaPool.grow({ ...SMALL, model, signal: controller.signal })).rejects.toBe(reason);
    await expect(PersonaPool.grow({ ...SMALL, model, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it('replays a run without making any call', async () => {
    const run = join(dir, 'run');
    const grow = async () => {
      const open = await openRun(run, { seed: 3 });
      const pool = await PersonaPool.grow({ ...SMALL, run: open, model: scriptedModel(fresh(4)) });
      await open.close();
      return { data: pool.data, stats: open.stats() };
    };
    const first = await grow();
    const second = await grow();
    expect(first.stats.calls).toBeGreaterThan(0);
    expect(second.stats).toMatchObject({ calls: 0, embedded: 0, replayed: first.stats.calls });
    expect(second.data).toEqual(first.data);
  });

  it('assigns new ids when growing a grown pool further', async () => {
    const first = await PersonaPool.grow({ ...SMALL, model: scriptedModel(fresh(4)) });
    const answer = fresh(4);
    const model = scriptedModel((request, { place }) =>
      answer(request, { place: { ...place!, sample: place!.sample! + 50 } }),
    );
    const second = await PersonaPool.grow({ ...SMALL, model, seeds: first.data, profiles: 33 });
    expect(second.profiles.slice(30).map(({ id }) => id)).toEqual(['profile-11', 'profile-12', 'profile-13']);
    expect(personaPoolSchema.safeParse(second.data).success).toBe(true);
  });

  it.each<[string, object]>([
    ['profiles', { profiles: 0 }],
    ['personalities', { personalities: 1.5 }],
    ['examplesPerCall', { examplesPerCall: 0 }],
    ['entriesPerCall', { entriesPerCall: Number.NaN }],
    ['callsPerWave', { callsPerWave: -1 }],
    ['temperature', { temperature: -0.1 }],
    ['maxOutputTokens', { maxOutputTokens: 0 }],
    ['similarityThreshold', { similarityThreshold: 2 }],
    ['bottleneck.acceptance', { bottleneck: { acceptance: 10 } }],
    ['bottleneck.window', { bottleneck: { window: 0 } }],
    ['maxCalls', { maxCalls: 0 }],
    ['model', { model: {} }],
    ['embedder', { embedder: null }],
    ['prompts.profiles', { prompts: { profiles: 'Invent people.' } }],
    ['seeds.profiles', { seeds: { profiles: [] } }],
    [
      'seeds',
      {
        seeds: {
          profiles: [
            { id: 'a', facts: ['x'] },
            { id: 'a', facts: ['y'] },
          ],
        },
      },
    ],
  ])('rejects an invalid %s before the first call', async (option, wrong) => {
    const model = scriptedModel(fresh(4));
    const growth = PersonaPool.grow({ ...SMALL, model, ...wrong });
    await expect(growth).rejects.toThrow(InvalidOptionError);
    await expect(growth).rejects.toThrow(`Option "${option}"`);
    expect(model.calls).toHaveLength(0);
  });
});

describe('personas', () => {
  const pool = PersonaPool.grow({ ...SMALL, model: scriptedModel(''), profiles: 20, personalities: 12 });

  it('pairs every profile with distinct personalities, reproducibly for a seed', async () => {
    const personas = (await pool).personas({ personalitiesPerProfile: 5, seed: 1 });
    expect(personas).toHaveLength(100);
    expect(new Set(personas.map(({ id }) => id)).size).toBe(100);
    expect(personas.map(({ profile }) => profile.id)).toEqual(
      (await pool).profiles.flatMap(({ id }) => Array(5).fill(id)),
    );
    expect((await pool).personas({ personalitiesPerProfile: 5, seed: 1 })).toEqual(personas);
    expect((await pool).personas({ personalitiesPerProfile: 5, seed: 2 })).not.toEqual(personas);
    expect(new Set(personas.map(({ personality }) => personality.id)).size).toBe(12);
  });

  it('keeps the pairs of a smaller number when the number grows', async () => {
    const few = (await pool).personas({ personalitiesPerProfile: 2 }).map(({ id }) => id);
    const many = new Set((await pool).personas({ personalitiesPerProfile: 7 }).map(({ id }) => id));
    expect(few.filter((id) => !many.has(id))).toEqual([]);
  });

  it('pairs with 10 personalities by default and rejects more than the pool has', async () => {
    expect((await pool).personas()).toHaveLength(200);
    const grown = await pool;
    expect(() => grown.personas({ personalitiesPerProfile: 13 })).toThrow(/at most 12/);
    expect(() => grown.personas({ personalitiesPerProfile: 0 })).toThrow(InvalidOptionError);
    expect(() => grown.personas({ personalityPerProfile: 2 } as never)).toThrow(
      'Did you mean "personalitiesPerProfile"?',
    );
  });
});

describe('save and read', () => {
  it('return the same pool and leave no partial file', async () => {
    const pool = await PersonaPool.grow({ ...SMALL, model: scriptedModel(fresh(4)) });
    const path = join(dir, 'saved', 'pool.json');
    await pool.save(path);
    const loaded = await PersonaPool.read(path);
    expect(loaded.data).toEqual(pool.data);
    expect(loaded.personas()).toEqual(pool.personas());
    expect(await readdir(join(dir, 'saved'))).toEqual(['pool.json']);
  });

  it.each([
    ['that is not JSON', '{', /is not JSON/],
    ['of another kind', '{"schema": "aloe-run/1"}', /is not a persona pool.*save\(\)/],
    ['that is empty', '', /is not JSON/],
  ])('reject a file %s', async (_name, text, message) => {
    const path = join(dir, 'broken.json');
    await writeFile(path, text);
    await expect(PersonaPool.read(path)).rejects.toThrow(InvalidFileError);
    await expect(PersonaPool.read(path)).rejects.toThrow(message);
  });

  it('reject a missing file', async () => {
    await expect(PersonaPool.read(join(dir, 'none.json'))).rejects.toThrow(/cannot be read/);
  });
});
