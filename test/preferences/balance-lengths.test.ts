import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { seededRandom } from '../../src/internal/random.ts';
import type {
  PreferenceExporterEvent,
  PreferenceExporterOptions,
} from '../../src/preferences/exporter-options.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { lengthDifference } from '../../src/preferences/length-bias.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import type { ExportedRecord } from '../../src/preferences/preference-file.ts';
import { useExportFolder } from './export-files.ts';
import { dry, nurse, playedTree } from './trees.ts';

const folder = useExportFolder();

/** Conversations in which the rejected response is mostly the longer one, as where a short question is preferred. */
function biasedTrees(count: number): ConversationTree[] {
  const random = seededRandom(3);
  const text = (word: string, place: string, length: number) => `${word} ${place} `.padEnd(length, 'x');
  return Array.from({ length: count }, (_, index) =>
    playedTree(`c${index}`, { ...nurse, id: `profile-${index}` }, dry, [
      {
        user: `Hello from ${index}.`,
        revealed: ['F1'],
        preferred: text('short', `${index}`, 20 + Math.floor(80 * random())),
        rejected: text('long', `${index}`, 40 + Math.floor(110 * random())),
      },
    ]),
  );
}

const write = (options: Partial<PreferenceExporterOptions> = {}) =>
  new PreferenceExporter({
    formats: [trlDpo(), trlSft()],
    validationShare: 0.2,
    balanceLength: true,
    ...options,
  }).write(biasedTrees(400), folder.dir);

const records = async () => (await folder.rows('preferences.jsonl')) as unknown as ExportedRecord[];

describe('balanceLength', () => {
  test('leaves as many pairs with a longer preferred response as with a longer rejected one, on both sides', async () => {
    const biased = await write({ balanceLength: false });
    expect(biased.formats[0]!.lengthBias!.correlation).toBeLessThan(-0.5);
    expect(biased.warnings.join()).toMatch(
      /trl-dpo: the rejected response is the longer one in \d+ of 400 pairs/,
    );

    const manifest = await write();
    const { lengthBias, drops, records: kept } = manifest.formats[0]!;
    expect(lengthBias!.preferredLonger).toBe(lengthBias!.rejectedLonger);
    expect(Math.abs(lengthBias!.correlation!)).toBeLessThan(0.1);
    expect(drops['length-balance']).toBe(400 - kept);
    expect(kept).toBeGreaterThan(100);
    expect(manifest.warnings).toEqual([]);
    for (const split of ['train', 'validation']) {
      const differences = (await records())
        .filter((record) => record.split === split && record.dropped.pair === null)
        .map(lengthDifference);
      const longer = differences.filter((difference) => difference > 0).length;
      expect(longer).toBe(differences.filter((difference) => difference < 0).length);
      expect(longer).toBeGreaterThan(0);
    }
  });

  test('takes pairs out only: demonstrations, order and rows stay', async () => {
    const manifest = await write();
    const all = await records();
    expect(all.map(({ conversationId }) => conversationId)).toEqual(
      Array.from({ length: 400 }, (_, index) => `c${index}`),
    );
    expect(manifest.formats[1]).toMatchObject({ kind: 'demonstration', records: 400, lengthBias: null });
    const kept = all.filter((record) => record.split === 'train' && record.dropped.pair === null);
    expect(await folder.rows('trl-dpo.train.jsonl')).toEqual(kept.flatMap((record) => trlDpo().rows(record)));
  });

  test('draws by seed: the same one the same pairs, another one others', async () => {
    await write();
    const first = await folder.text('trl-dpo.train.jsonl');
    await write();
    expect(await folder.text('trl-dpo.train.jsonl')).toBe(first);
    await write({ seed: 1, validationShare: 0 });
    const other = await folder.text('trl-dpo.train.jsonl');
    await write({ seed: 2, validationShare: 0 });
    expect(await folder.text('trl-dpo.train.jsonl')).not.toBe(other);
  });

  test('tells each drop and leaves no file behind, also when conversations fail', async () => {
    const events: PreferenceExporterEvent[] = [];
    const manifest = await write({ onEvent: (event) => events.push(event) });
    const drops = events.filter((event) => event.type === 'record-dropped');
    expect(drops).toHaveLength(manifest.formats[0]!.drops['length-balance']);
    const before = await readdir(folder.dir);
    function* failing() {
      yield* biasedTrees(3);
      throw new Error('power cut');
    }
    const exporter = new PreferenceExporter({ formats: [trlDpo()], balanceLength: true });
    await expect(exporter.write(failing(), folder.dir)).rejects.toThrow('power cut');
    expect(await readdir(folder.dir)).toEqual(before);
    const reason = new Error('closing time');
    const aborting = new AbortController();
    function* endless() {
      yield* biasedTrees(3);
      aborting.abort(reason);
      yield* biasedTrees(3);
    }
    const aborted = exporter.write(endless(), folder.dir, { signal: aborting.signal });
    await expect(aborted).rejects.toBe(reason);
    expect(await readdir(folder.dir)).toEqual(before);
    expect((await exporter.write([], folder.dir)).source.decisionPoints).toBe(0);
  });
});
