import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { growEntries } from '../../src/personas/grow-entries.ts';
import { nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';
import {
  personalityGenerationPrompt,
  profileGenerationPrompt,
} from '../../src/personas/persona-generation.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { POOL_KINDS } from '../../src/personas/pool-data.ts';
import { openRun, type Run } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-former-'));
});
afterAll(() => rm(dir, { recursive: true }));

const embedder = fakeEmbedder({ dimensions: 256 });
const seeds = {
  profiles: [{ id: 'mine', facts: ['Rides a unicycle', 'Mends clocks', 'Is 40'] }],
  personalities: [{ id: 'calm', traits: ['Is calm', 'Hums', 'Listens'] }],
};
// The last one is flawed: version 0.1 kept it.
const ENTRIES = [
  ['Bakes bread', 'Has three ferrets', 'Sings bass'],
  ['Sails at night', 'Fears moths', 'Owns a kiln'],
  ['Lives in [city]', 'Likes {{hobby}}', 'Knows Tamil'],
];
const model = () =>
  scriptedModel((_request, { place }) => JSON.stringify({ [place!.subject]: [ENTRIES[place!.sample!]] }));
const sizes = { profiles: 4, personalities: 4, entriesPerCall: 1, callsPerWave: 1, maxCalls: 3 };

/** What version 0.1 did with these options. */
async function growAsBefore(run: Run): Promise<string[][]> {
  const [profiles, personalities] = await Promise.all(
    POOL_KINDS.map((kind) =>
      growEntries({
        kind,
        idPrefix: kind === 'profiles' ? 'profile' : 'personality',
        run,
        model: run.model(model()),
        filter: nearDuplicateFilter({ embedder: run.embedder(embedder), threshold: 0.6 }),
        similarityThreshold: 0.6,
        textRule: 1,
        apartFrom: [],
        gate: null,
        prompt: kind === 'profiles' ? profileGenerationPrompt : personalityGenerationPrompt,
        seeds:
          kind === 'profiles'
            ? seeds.profiles.map(({ id, facts }) => ({ id, statements: facts }))
            : seeds.personalities.map(({ id, traits }) => ({ id, statements: traits })),
        models: [],
        language: undefined,
        quotas: undefined,
        target: 4,
        examplesPerCall: 5,
        entriesPerCall: 1,
        callsPerWave: 1,
        temperature: 0.8,
        maxOutputTokens: 400,
        bottleneck: { acceptance: 0.1, window: 100 },
        maxCalls: 3,
        signal: new AbortController().signal,
        onEvent: () => {},
      }),
    ),
  );
  return [profiles!, personalities!].map(({ entries }) => entries.flatMap(({ statements }) => statements));
}

it('replays a run that version 0.1 began by its own rules, without a call', async () => {
  const before = await openRun(join(dir, 'former'), { seed: 3 });
  const [profiles, personalities] = await growAsBefore(before);
  await before.close();
  const run = await openRun(join(dir, 'former'), { seed: 3 });
  const pool = await PersonaPool.grow({ ...sizes, run, model: model(), embedder, seeds });
  await run.close();
  expect(run.stats()).toMatchObject({ calls: 0, embedded: 0, replayed: 6 });
  expect(pool.profiles.flatMap(({ facts }) => facts)).toEqual(profiles);
  expect(pool.personalities.flatMap(({ traits }) => traits)).toEqual(personalities);
  expect(pool.growth).toMatchObject({ textRule: 1, apartFrom: { profiles: 0, personalities: 0 } });
  expect(pool.growth!.outcomes.profiles.flawed).toBeUndefined();
});

it('follows the new rules in that run if an option asks for them', async () => {
  const run = await openRun(join(dir, 'former'), { seed: 3 });
  const pool = await PersonaPool.grow({
    ...sizes,
    run,
    model: model(),
    embedder,
    seeds,
    qualityGate: true,
  });
  await run.close();
  expect(pool.growth).toMatchObject({ textRule: 2, apartFrom: { profiles: 100, personalities: 100 } });
  expect(pool.growth!.outcomes.profiles.flawed).toMatchObject([{ flaw: 'placeholder' }]);
});

it('replays a run of the present rules without a call, also where seeds end with full stops', async () => {
  const stopped = {
    profiles: [{ id: 'mine', facts: ['Rides a unicycle.', 'Mends clocks.', 'Is 40.'] }],
    personalities: [{ id: 'calm', traits: ['Is calm.', 'Hums.', 'Listens.'] }],
  };
  const grow = async () => {
    const run = await openRun(join(dir, 'present'), { seed: 3 });
    const pool = await PersonaPool.grow({ ...sizes, run, model: model(), embedder, seeds: stopped });
    await run.close();
    return { data: pool.data, stats: run.stats() };
  };
  const first = await grow();
  const second = await grow();
  expect(first.data.growth!.textRule).toBe(2);
  expect(second.stats).toMatchObject({ calls: 0, embedded: 0 });
  expect(second.data).toEqual(first.data);
});
