import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import type {
  PreferenceExporterEvent,
  PreferenceExporterOptions,
} from '../../src/preferences/exporter-options.ts';
import { openaiPreference } from '../../src/preferences/formats/openai-preference.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { preferenceManifestSchema } from '../../src/preferences/manifest.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { type ExportedRecord, readPreferenceRecords } from '../../src/preferences/preference-file.ts';
import type { PreferenceFormat } from '../../src/preferences/preference-format.ts';
import { preferenceRecords } from '../../src/preferences/records.ts';
import { dry, fixtureTrees, nurse, playedTree, tender } from './trees.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-preferences-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const formats = [trlSft(), trlDpo(), openaiPreference()];

/** Sends the luthier to validation, the nurse and the student to train. */
const settled = { formats, validationShare: 0.3, seed: 2 };

const exporter = (options: Partial<PreferenceExporterOptions> = {}) =>
  new PreferenceExporter({ ...settled, ...options });

const lines = async (name: string): Promise<object[]> =>
  (await readFile(join(dir, name), 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(dir)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const)),
  );
}

async function records(): Promise<ExportedRecord[]> {
  const all: ExportedRecord[] = [];
  for await (const record of readPreferenceRecords(join(dir, 'preferences.jsonl'))) all.push(record);
  return all;
}

/** Conversations of many profiles, two personas each. */
function manyTrees(profiles: number): ConversationTree[] {
  return Array.from({ length: profiles }, (_, index) => ({ ...nurse, id: `profile-${index}` })).flatMap(
    (profile) =>
      [dry, tender].map((personality) =>
        playedTree(`${profile.id}-${personality.id}`, profile, personality, [
          {
            user: `Hi from ${profile.id}, ${personality.id}.`,
            revealed: ['F1'],
            preferred: 'Good',
            rejected: 'Bad',
          },
        ]),
      ),
  );
}

describe('what is written', () => {
  test('train and validation files for each format, every record, and the manifest', async () => {
    await exporter().write(fixtureTrees(), dir);
    expect((await readdir(dir)).sort()).toEqual([
      'README.md',
      'manifest.json',
      'openai-preference.train.jsonl',
      'openai-preference.validation.jsonl',
      'preferences.jsonl',
      'trl-dpo.train.jsonl',
      'trl-dpo.validation.jsonl',
      'trl-sft.train.jsonl',
      'trl-sft.validation.jsonl',
    ]);
    expect(await lines('trl-dpo.validation.jsonl')).toEqual([
      {
        prompt: [
          { role: 'user', content: 'A man brought me a violin in a pillowcase today.' },
          { role: 'assistant', content: 'Asleep or dead?' },
          {
            role: 'user',
            content: 'Resting, he said. The neck was in the other pillowcase. {"glue": true}',
          },
        ],
        chosen: [
          {
            role: 'assistant',
            content:
              'So it came with its own stretcher. Hide glue, or has someone been at it with the other kind?',
          },
        ],
        rejected: [
          {
            role: 'assistant',
            content: 'You will need to reattach the neck. Use a suitable glue, clamp it and let it dry.',
          },
        ],
      },
    ]);
  });

  test('preferences.jsonl names every decision point, and leads from each to its row', async () => {
    await exporter().write(fixtureTrees(), dir);
    const all = await records();
    const expected = fixtureTrees().flatMap((tree) => [...preferenceRecords(tree)]);
    expect(all.map(({ split: _split, dropped: _dropped, ...record }) => record)).toEqual(expected);
    for (const format of formats) {
      for (const split of ['train', 'validation']) {
        const kept = all.filter((record) => record.split === split && record.dropped[format.kind] === null);
        expect(await lines(`${format.name}.${split}.jsonl`)).toEqual(
          kept.flatMap((record) => format.rows(record)),
        );
      }
    }
  });

  test('no line ends in the middle of a text, whatever the reader takes for a line end', async () => {
    await exporter().write(fixtureTrees(), dir);
    for (const text of Object.values(await contents())) expect(text).not.toMatch(/[\u2028\u2029]/);
    expect(JSON.stringify(await records())).toContain('lawyer.\u2028Last offer');
  });

  test('a format of the user’s own may give several rows a record, or none', async () => {
    const words: PreferenceFormat = {
      name: 'words',
      kind: 'demonstration',
      rows: ({ preferred }) =>
        preferred.includes('?') ? [] : preferred.split(' ').map((word) => ({ word })),
    };
    const manifest = await exporter({ formats: [words], validationShare: 0 }).write(fixtureTrees(), dir);
    const rows = await lines('words.train.jsonl');
    expect(rows.length).toBeGreaterThan(12);
    expect(manifest.formats[0]).toMatchObject({ records: 12, rows: { train: rows.length, validation: 0 } });
  });

  test('rows reach the disk while conversations are still being played', async () => {
    let partial = 0;
    async function* playing() {
      yield* manyTrees(500);
      const open = (await readdir(dir)).filter((name) => name.startsWith('preferences.jsonl.'));
      partial = (await stat(join(dir, open[0]!))).size;
    }
    await exporter().write(playing(), dir);
    const { size } = await stat(join(dir, 'preferences.jsonl'));
    expect(partial).toBeGreaterThan(size - 2 * 64 * 1024);
  });
});

describe('the split', () => {
  test('keeps every profile, with all its personas, on one side', async () => {
    const manifest = await exporter({ validationShare: 0.25 }).write(manyTrees(40), dir);
    const sides = new Map<string, Set<string>>();
    for (const { personaId, split } of await records()) {
      const profile = personaId.split('+')[0]!;
      sides.set(profile, (sides.get(profile) ?? new Set()).add(split));
    }
    expect([...sides.values()].every((seen) => seen.size === 1)).toBe(true);
    const { train, validation } = manifest.splits;
    expect(validation.profiles).toBeGreaterThan(0);
    expect(train.profiles + validation.profiles).toBe(40);
    expect([train.personas, validation.personas]).toEqual([2 * train.profiles, 2 * validation.profiles]);
    expect(train.conversations + validation.conversations).toBe(80);
  });

  test('does not depend on the order in which conversations finish', async () => {
    await exporter().write(manyTrees(20), dir);
    const forward = (await lines('trl-dpo.validation.jsonl')).map((row) => JSON.stringify(row));
    await exporter().write(manyTrees(20).reverse(), dir);
    const backward = (await lines('trl-dpo.validation.jsonl')).map((row) => JSON.stringify(row));
    expect(forward.length).toBeGreaterThan(0);
    expect(backward.sort()).toEqual(forward.sort());
  });

  test('a side without rows has no file, takes an earlier one away, and is warned of', async () => {
    await exporter().write(fixtureTrees(), dir);
    const none = await exporter({ validationShare: 0 }).write(fixtureTrees(), dir);
    expect((await readdir(dir)).filter((name) => name.includes('validation'))).toEqual([]);
    const few = expect.stringMatching(
      /^\d of 12 decision points \(\d+\.\d %\) gave no pairs: nothing-revealed\. /,
    );
    expect(none.warnings).toEqual([expect.stringContaining('2 of 5 conversations broke off'), few]);

    const unlucky = await exporter({ formats: [trlDpo()], seed: 0 }).write(fixtureTrees(), dir);
    expect(unlucky.formats[0]!.rows.validation).toBe(0);
    const broken = expect.stringMatching(/^2 of 5 conversations broke off \(.+, .+\)\./);
    expect(unlucky.warnings).toEqual([
      broken,
      few,
      expect.stringContaining('trl-dpo has no validation rows'),
    ]);
    const nothing = await exporter({ formats: [trlDpo()], validationShare: 0 }).write([], dir);
    expect(nothing.warnings).toEqual(['trl-dpo has no training rows.']);
    expect(nothing.files).toEqual([]);
  });
});

describe('the manifest', () => {
  test('is what write returns, and counts every decision point once for each format', async () => {
    const manifest = await exporter().write(fixtureTrees(), dir);
    const stored: unknown = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'));
    expect(preferenceManifestSchema.parse(stored)).toEqual(manifest);
    expect(manifest.source).toMatchObject({
      conversations: 5,
      failedConversations: 2,
      decisionPoints: 12,
      models: { rolePlayer: ['scripted:writer'], inducer: ['scripted:reader'] },
      prompts: { responder: ['responder@1'] },
      induction: ['previous-turns'],
    });
    for (const { records: kept, rows, drops } of manifest.formats) {
      const dropped = Object.values(drops).reduce((sum, count) => sum + count, 0);
      expect(kept + dropped).toBe(12);
      expect(rows.train + rows.validation).toBe(kept);
    }
    expect(manifest.formats[0]).toMatchObject({
      kind: 'demonstration',
      records: 12,
      lengths: { rejected: null },
    });
    expect(manifest.formats[1]).toMatchObject({
      kind: 'pair',
      records: 6,
      drops: { 'nothing-revealed': 3, 'truncated-response': 1, 'identical-pair': 1, 'empty-response': 1 },
      lengths: { preferred: { count: 6 }, rejected: { count: 6 }, conversation: { count: 6 } },
    });
  });

  test('knows rows, bytes and hash of every file', async () => {
    const manifest = await exporter().write(fixtureTrees(), dir);
    expect(manifest.files).toHaveLength(7);
    for (const { name, rows, bytes, sha256 } of manifest.files) {
      const data = await readFile(join(dir, name));
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
      expect([bytes, rows]).toEqual([data.length, (await lines(name)).length]);
    }
  });

  test('equal conversations give files equal to the byte', async () => {
    await exporter().write(fixtureTrees(), dir);
    const first = await contents();
    await exporter().write(fixtureTrees(), dir);
    expect(await contents()).toEqual(first);
  });

  test('records the options, and events tell each drop and each conversation', async () => {
    const events: PreferenceExporterEvent[] = [];
    const manifest = await exporter({
      formats: [trlDpo()],
      minRevealed: 2,
      keepTruncated: true,
      maxRecordsPerConversation: 1,
      onEvent: (event) => events.push(event),
    }).write(fixtureTrees(), dir);
    expect(manifest.options).toEqual({
      validationShare: 0.3,
      seed: 2,
      minRevealed: 2,
      keepTruncated: true,
      maxRecordsPerConversation: 1,
      balanceLength: false,
    });
    const drops = events.filter((event) => event.type === 'record-dropped');
    expect(new Set(drops.map((event) => event.kind))).toEqual(new Set(['pair']));
    for (const [reason, count] of Object.entries(manifest.formats[0]!.drops)) {
      expect(drops.filter((event) => event.reason === reason)).toHaveLength(count);
    }
    expect(manifest.formats[0]!.drops).toMatchObject({ 'over-limit': 2, 'truncated-response': 0 });
    expect(events.filter((event) => event.type === 'conversation-end')).toHaveLength(5);
  });
});

describe('failure and abort', () => {
  test('conversations that fail midway leave the files from before as they were, and no others', async () => {
    await exporter().write(fixtureTrees(), dir);
    const before = await contents();
    async function* failing() {
      yield* manyTrees(500);
      throw new Error('power cut');
    }
    await expect(exporter().write(failing(), dir)).rejects.toThrow('power cut');
    expect(await contents()).toEqual(before);
  });

  test('a format that throws does the same', async () => {
    const broken: PreferenceFormat = {
      name: 'broken',
      kind: 'pair',
      rows: () => {
        throw new Error('no such field');
      },
    };
    await expect(exporter({ formats: [broken] }).write(fixtureTrees(), dir)).rejects.toThrow('no such field');
    expect(await readdir(dir)).toEqual([]);
  });

  test('an abort rethrows the reason, also while the next conversation is being played', async () => {
    const controller = new AbortController();
    const reason = new Error('closing time');
    async function* endless() {
      yield fixtureTrees()[0]!;
      queueMicrotask(() => controller.abort(reason));
      await new Promise(() => {});
    }
    await expect(exporter().write(endless(), dir, { signal: controller.signal })).rejects.toBe(reason);
    expect(await readdir(dir)).toEqual([]);
    await expect(exporter().write([], dir, { signal: controller.signal })).rejects.toBe(reason);
  });

  test('a place that cannot be written to is refused before the first conversation is asked for', async () => {
    const file = join(dir, 'file');
    await writeFile(file, 'in the way');
    let asked = false;
    function* trees() {
      asked = true;
      yield fixtureTrees()[0]!;
    }
    await expect(exporter().write(trees(), join(file, 'data'))).rejects.toThrow(InvalidOptionError);
    expect(asked).toBe(false);
  });

  test('a file that cannot be opened closes and removes those that could', async () => {
    const long: PreferenceFormat = { ...trlDpo(), name: 'n'.repeat(250) };
    await expect(exporter({ formats: [trlSft(), long] }).write([], dir)).rejects.toThrow(InvalidOptionError);
    expect(await readdir(dir)).toEqual([]);
  });

  test('a file that cannot take its place leaves no partial ones', async () => {
    await mkdir(join(dir, 'trl-sft.train.jsonl'));
    await expect(exporter().write(fixtureTrees(), dir)).rejects.toThrow();
    expect(await readdir(dir)).toEqual(['trl-sft.train.jsonl']);
  });
});

describe('options', () => {
  test.each<[string, Partial<PreferenceExporterOptions>]>([
    ['formats', { formats: [] }],
    ['formats', { formats: trlDpo() as unknown as PreferenceFormat[] }],
    ['formats[0]', { formats: ['trl-dpo' as unknown as PreferenceFormat] }],
    ['formats[0].kind', { formats: [{ ...trlDpo(), kind: 'ranking' as 'pair' }] }],
    ['formats[0].name', { formats: [{ ...trlDpo(), name: '../escape' }] }],
    ['formats[1].name', { formats: [trlDpo(), { ...trlDpo(), name: 'TRL-DPO' }] }],
    ['validationShare', { validationShare: 1.2 }],
    ['validationShare', { validationShare: Number.NaN }],
    ['seed', { seed: 0.5 }],
    ['minRevealed', { minRevealed: -1 }],
    ['maxRecordsPerConversation', { maxRecordsPerConversation: 0 }],
  ])('a wrong %s is named', (option, wrong) => {
    expect(() => exporter(wrong)).toThrow(InvalidOptionError);
    expect(() => exporter(wrong)).toThrow(`Option "${option}"`);
  });

  test('wrong conversations and a wrong directory are named', async () => {
    const promised = Promise.resolve(fixtureTrees()) as unknown as ConversationTree[];
    await expect(exporter().write(promised, dir)).rejects.toThrow('Option "trees"');
    await expect(exporter().write([], '')).rejects.toThrow('Option "dir"');
  });

  test('the defaults are those of the documentation', async () => {
    const manifest = await new PreferenceExporter({ formats: [trlDpo()] }).write([], dir);
    expect(manifest.options).toEqual({
      validationShare: 0.1,
      seed: 0,
      minRevealed: 1,
      keepTruncated: false,
      maxRecordsPerConversation: null,
      balanceLength: false,
    });
  });
});
