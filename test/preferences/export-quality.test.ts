import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import type { PairVerdict } from '../../src/conversations/pair-verdict.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import type { PreferenceExporterOptions } from '../../src/preferences/exporter-options.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { preferenceManifestSchema } from '../../src/preferences/manifest.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { type ExportedRecord, readPreferenceRecords } from '../../src/preferences/preference-file.ts';
import { useExportFolder } from './export-files.ts';
import { dry, fixtureTrees, nurse, playedTree } from './trees.ts';

const folder = useExportFolder();

async function write(trees: readonly ConversationTree[], options: Partial<PreferenceExporterOptions> = {}) {
  const formats = [trlSft(), trlSft({ responses: 'rejected' }), trlDpo()];
  const manifest = await new PreferenceExporter({ formats, validationShare: 0, ...options }).write(
    trees,
    folder.dir,
  );
  const records: ExportedRecord[] = [];
  for await (const record of readPreferenceRecords(join(folder.dir, 'preferences.jsonl')))
    records.push(record);
  return { manifest, records, card: await readFile(join(folder.dir, 'README.md'), 'utf8') };
}

const verdict = (winner: PairVerdict['winner']): PairVerdict => ({
  winner,
  margin: winner === 'undecided' ? 0 : 1,
  judge: 'judge-model',
  prompt: 'verify-pair@1',
  orders: (['preferred', 'rejected'] as const).map((first) => ({
    first,
    picked: winner === 'undecided' ? first : winner,
    strength: 1,
  })),
});

/** A conversation of one turn with a verdict. */
function judged(id: string, winner: PairVerdict['winner']): ConversationTree {
  const tree = playedTree(id, nurse, dry, [
    { user: `Hi from ${id}.`, revealed: ['T1'], preferred: `Good, ${id}.`, rejected: `I see, ${id}.` },
  ]);
  return { ...tree, root: { ...tree.root!, verdict: verdict(winner) } };
}

describe('verdicts', () => {
  const trees = [judged('a', 'preferred'), judged('b', 'rejected'), judged('c', 'undecided')];

  test('decide which pairs are kept, stand in the records, and are summed up', async () => {
    const { manifest, records, card } = await write(trees);
    expect(records.map(({ dropped }) => dropped.pair)).toEqual([null, 'wrong-way', 'undecided']);
    expect(records.map(({ dropped }) => dropped.demonstration)).toEqual([null, null, null]);
    expect(records.map(({ provenance }) => provenance.verdict)).toEqual([
      verdict('preferred'),
      verdict('rejected'),
      verdict('undecided'),
    ]);
    expect(manifest.quality!.verdicts).toMatchObject({
      pairs: 3,
      winners: { preferred: 1, rejected: 1, undecided: 1 },
      consistent: { count: 2, of: 3 },
    });
    expect(card).toContain(
      '| wrong-way | A judge who knows the user likes the rejected response better. | 1 (33.3 %) |',
    );
    expect(card).toContain('3 pairs: the judge prefers the preferred response in 1, the rejected one in 1;');
  });

  test('can be set aside', async () => {
    const { manifest, records } = await write(trees, { keep: ['undecided', 'wrong-way'] });
    expect(records.map(({ dropped }) => dropped.pair)).toEqual([null, null, null]);
    expect(manifest.options.keep).toEqual(['undecided', 'wrong-way']);
    expect(manifest.quality!.kinds[0]).toMatchObject({ kind: 'pair', records: 3, kept: 3, dropped: [] });
  });
});

describe('extra pairs', () => {
  const other = (text: string, truncated = false) => ({ text, truncated, model: 'other-model' });
  const tree = playedTree('d', nurse, dry, [
    {
      user: 'Long night.',
      revealed: ['T1'],
      preferred: { text: 'How long?', truncated: false, alternatives: [other('Who won?')] },
      rejected: {
        text: 'That sounds hard.',
        truncated: false,
        alternatives: [other('I am sorry to hear it.'), other('That sounds', true)],
      },
    },
  ]);

  test('are exported on request, as pairs alone', async () => {
    const { manifest, records } = await write([tree], { siblings: true });
    expect(
      records.map(({ preferred, rejected, dropped, provenance }) => [
        preferred,
        rejected,
        dropped.pair,
        provenance.sibling,
      ]),
    ).toEqual([
      ['How long?', 'That sounds hard.', null, undefined],
      ['Who won?', 'That sounds hard.', null, 'preferred'],
      ['How long?', 'I am sorry to hear it.', null, 'rejected'],
      ['How long?', 'That sounds', 'truncated-response', 'rejected'],
    ]);
    expect(records.map(({ dropped }) => dropped.demonstration)).toEqual([null, ...Array(3).fill('sibling')]);
    expect(records[2]!.dropped['rejected-demonstration']).toBe('sibling');
    expect(records[3]!.dropped['rejected-demonstration']).toBe('truncated-response');
    expect(manifest.source).toMatchObject({ decisionPoints: 1, siblings: 3 });
    expect(manifest.options.siblings).toBe(true);
    for (const { records: kept, drops } of manifest.formats) {
      expect(Object.values(drops).reduce((sum, count) => sum + count, kept)).toBe(4);
    }
    expect(manifest.warnings.join()).not.toContain('sibling');
  });

  test('are not made otherwise', async () => {
    const { manifest, records } = await write([tree]);
    expect(records).toHaveLength(1);
    expect(manifest.source).not.toHaveProperty('siblings');
    expect(manifest.options).not.toHaveProperty('siblings');
    expect(manifest.options).not.toHaveProperty('keep');
  });
});

test('a dropped record says what was found, a kept one and one without content faults do not', async () => {
  const turn = (user: string, preferred: string) => ({
    user,
    revealed: ['T1'],
    preferred,
    rejected: 'I see.',
  });
  const { records } = await write([
    playedTree('e', nurse, dry, [
      turn('Hi.', 'Hello.'),
      turn('Help me.', 'I cannot fulfill your request.'),
      turn('Bye.', ''),
    ]),
  ]);
  expect(records.map(({ evidence }) => evidence)).toEqual([
    undefined,
    'i cannot fulfill your request',
    undefined,
  ]);
});

test('a manifest of an earlier version loads, with none of the reasons that it did not know', async () => {
  const { manifest } = await write(fixtureTrees());
  const { quality: _quality, ...former } = manifest;
  const formats = former.formats.map((format) => ({ ...format, drops: { 'bad-conversation': 1 } }));
  const read = preferenceManifestSchema.parse({ ...former, formats });
  expect(read.formats[0]!.drops).toMatchObject({ 'bad-conversation': 1, refusal: 0, 'wrong-way': 0 });
  expect(read.quality).toBeUndefined();
});

test.each<[string, object]>([
  ['keep', { keep: 'refusal' }],
  ['keep[0]', { keep: ['empty-response'] }],
  ['keep[1]', { keep: ['refusal', 'boredom'] }],
  ['prompts', { prompts: 'Be brief.' }],
  ['prompts', { prompts: [7] }],
  ['siblings', { siblings: 'yes' }],
])('a wrong %s is refused', (option, options) => {
  const create = () => new PreferenceExporter({ formats: [trlDpo()], ...options });
  expect(create).toThrow(InvalidOptionError);
  expect(create).toThrow(option);
});
