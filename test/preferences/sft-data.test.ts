import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { axolotl } from '../../src/preferences/formats/axolotl.ts';
import { llamaFactory } from '../../src/preferences/formats/llama-factory.ts';
import { openaiSft } from '../../src/preferences/formats/openai-sft.ts';
import type { SftOptions } from '../../src/preferences/formats/sft-options.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { preferenceManifestSchema } from '../../src/preferences/manifest.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { readPreferenceRecords } from '../../src/preferences/preference-file.ts';
import type { PreferenceFormat } from '../../src/preferences/preference-format.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { useExportFolder } from './export-files.ts';
import { fixtureTrees } from './trees.ts';

const folder = useExportFolder();
const base = 'Qwen/Qwen2.5-0.5B-Instruct';

async function generalChat(): Promise<string> {
  const path = join(folder.dir, 'general.jsonl');
  const lines = Array.from({ length: 99 }, (_, index) => ({
    messages: [
      { role: 'user', content: `Task ${index}` },
      { role: 'assistant', content: `General answer ${index}` },
    ],
  }));
  await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'));
  return path;
}

const write = (formats: PreferenceFormat[], mix?: { path: string; ratio: number }) =>
  new PreferenceExporter({ formats, validationShare: 0, minRevealed: 0, mix }).write(
    fixtureTrees(),
    folder.dir,
  );
const recordsOf = () => Array.fromAsync(readPreferenceRecords(join(folder.dir, 'preferences.jsonl')));
const isGeneral = (row: object) => JSON.stringify(row).includes('General answer');

describe.each([
  ['trl-sft', trlSft],
  ['openai-sft', openaiSft],
  ['axolotl-sft', (options: SftOptions) => axolotl({ method: 'sft', base, ...options })],
  ['llama-factory-sft', (options: SftOptions) => llamaFactory({ method: 'sft', base, ...options })],
] as const)('%s', (name, format) => {
  test('trains on rejected responses, of every decision point whose rejected response is usable', async () => {
    const manifest = await write([format({}), format({ responses: 'rejected' })]);
    const rows = await folder.rows(`${name}-rejected.train.jsonl`);
    const kept = (await recordsOf()).filter(({ dropped }) => dropped['rejected-demonstration'] === null);
    expect(rows).toHaveLength(kept.length);
    expect(kept.length).toBeGreaterThan(0);
    for (const [index, { rejected, preferred }] of kept.entries()) {
      const text = JSON.stringify(rows[index]);
      expect(text).toContain(JSON.stringify(rejected));
      if (preferred !== rejected) expect(text).not.toContain(`"content":${JSON.stringify(preferred)}`);
    }
    const [, summary] = manifest.formats;
    const left = Object.values(summary!.drops).reduce((sum, count) => sum + count, 0);
    expect(summary!.records + left).toBe(manifest.source.decisionPoints);
    expect(summary!.lengths).toMatchObject({ preferred: null, rejected: { count: kept.length } });
    expect(preferenceManifestSchema.parse(manifest)).toEqual(manifest);
  });

  test('writes the mixture, its conversations and its general chat data in one export', async () => {
    const mix = { path: await generalChat(), ratio: 1 };
    const manifest = await write(
      [format({}), format({ generalChat: 'none' }), format({ generalChat: 'only' })],
      mix,
    );
    const mixture = await folder.rows(`${name}.train.jsonl`);
    expect(await folder.rows(`${name}-unmixed.train.jsonl`)).toEqual(
      mixture.filter((row) => !isGeneral(row)),
    );
    expect(await folder.rows(`${name}-general.train.jsonl`)).toEqual(mixture.filter(isGeneral));
    expect(mixture.filter(isGeneral)).toHaveLength(mixture.length / 2);
    expect(manifest.formats[2]).toMatchObject({ records: 0, rows: { train: mixture.length / 2 } });
    expect(manifest.warnings.filter((text) => text.includes('-general'))).toEqual([]);
  });

  test('writes files that the validator knows by their names, and the card says what they are for', async () => {
    const mix = { path: await generalChat(), ratio: 1 };
    await write([format({ responses: 'rejected' }), format({ generalChat: 'only' })], mix);
    const card = await folder.text('README.md');
    expect(card).toContain(`### ${name}-rejected\n\nThe rejected responses, to compare with`);
    expect(card).toContain(`### ${name}-general\n\nGeneral chat data only`);
    for (const suffix of ['-rejected', '-general']) {
      const report = await validateDataset(join(folder.dir, `${name}${suffix}.train.jsonl`));
      expect(report).toMatchObject({ format: name, errors: 0 });
    }
  });

  test('has no rejected general chat data', () => {
    expect(() => format({ responses: 'rejected', generalChat: 'only' })).toThrow('Option "responses"');
    expect(() => format({ responses: 'worse' as 'rejected' })).toThrow('Option "responses"');
  });
});

test('rejected responses are mixed with the same general rows as preferred ones', async () => {
  await write([trlSft(), trlSft({ responses: 'rejected' })], { path: await generalChat(), ratio: 1 });
  const preferred = await folder.rows('trl-sft.train.jsonl');
  const rejected = await folder.rows('trl-sft-rejected.train.jsonl');
  expect(rejected.filter(isGeneral)).toEqual(preferred.filter(isGeneral));
});

test('an export of general chat data alone has no pairs and no validation rows, and needs a mix', async () => {
  const formats = [trlSft({ generalChat: 'only' })];
  expect(() => new PreferenceExporter({ formats })).toThrow('Option "mix"');
  const manifest = await new PreferenceExporter({
    formats,
    mix: { path: await generalChat(), ratio: 2 },
  }).write(fixtureTrees(), folder.dir);
  expect(manifest.files.map(({ name }) => name)).toEqual([
    'trl-sft-general.train.jsonl',
    'preferences.jsonl',
  ]);
  expect((await folder.rows('trl-sft-general.train.jsonl')).every(isGeneral)).toBe(true);
  expect(manifest.warnings).toEqual([expect.stringMatching(/^2 of 5 conversations broke off \(/)]);
});

test('a mix that no format takes is said', async () => {
  const mix = { path: await generalChat(), ratio: 1 };
  const manifest = await write([trlDpo(), trlSft({ generalChat: 'none' })], mix);
  expect(manifest.warnings.join()).toContain('no format takes general chat data');
});

test('preferences.jsonl tells of rejected demonstrations only if a format has that kind', async () => {
  await write([trlSft(), trlDpo()]);
  for (const { dropped } of await recordsOf())
    expect(Object.keys(dropped)).toEqual(['pair', 'demonstration']);
});

test('DPO has no choice of responses', () => {
  expect(() => axolotl({ method: 'dpo', base, responses: 'rejected' })).toThrow('no option "responses"');
});
