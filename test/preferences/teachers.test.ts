import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { preferenceManifestSchema } from '../../src/preferences/manifest.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { preferenceRecords } from '../../src/preferences/records.ts';
import { nurse, playedTree } from './trees.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-teachers-'));
});
afterEach(() => rm(dir, { recursive: true }));

const write = (trees: readonly ConversationTree[]) =>
  new PreferenceExporter({ formats: [trlDpo()], minRevealed: 0 }).write(trees, dir);

/** A conversation whose preferred responses are by these models. */
function treeBy(...models: readonly string[]): ConversationTree {
  return playedTree(
    `by-${models.join('-')}`,
    nurse,
    { id: 'dry', traits: ['Has a dry wit'] },
    models.map((model, index) => ({
      user: `Night ${index} of ${models.length}.`,
      preferred: {
        text: `Still ${index}.`,
        truncated: false,
        model,
        alternatives: [{ text: 'Quiet.', truncated: false, model: 'c', score: 3 }],
      },
      rejected: `Nights are long, the ${index}th too.`,
    })),
  );
}

test('records name the model that wrote each response', () => {
  const models = [...preferenceRecords(treeBy('a', 'b'))].map(({ provenance }) => [
    provenance.preferredModel,
    provenance.rejectedModel,
  ]);
  expect(models).toEqual([
    ['a', 'scripted:writer'],
    ['b', 'scripted:writer'],
  ]);
});

test('the manifest has the share of each model among the responses that were chosen, and the card says it', async () => {
  const manifest = await write([treeBy('a', 'b', 'a'), treeBy('a')]);
  expect(manifest.source.teachers).toEqual({
    preferred: [
      { model: 'a', chosen: 3, written: 3, share: 0.75 },
      { model: 'b', chosen: 1, written: 1, share: 0.25 },
      { model: 'c', chosen: 0, written: 4, share: 0 },
    ],
    rejected: [{ model: 'scripted:writer', chosen: 4, written: 4, share: 1 }],
  });
  expect(manifest.source.models.preferred).toEqual(['a', 'b', 'c']);
  expect(preferenceManifestSchema.parse(manifest)).toEqual(manifest);
  expect(await readFile(join(dir, 'README.md'), 'utf8')).toContain(
    'preferred: `a`, `b`, `c`; responses in the pairs by `a` 75 %, `b` 25 %, `c` 0 %\n',
  );
});

test('without several models there is no share', async () => {
  const tree = playedTree('one', nurse, { id: 'dry', traits: ['Dry'] }, [
    { user: 'Hm.', preferred: 'Yes, that.', rejected: 'Perhaps the other.' },
  ]);
  expect((await write([tree])).source).not.toHaveProperty('teachers');
});
