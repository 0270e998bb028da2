import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { PreferenceExporterOptions } from '../../src/preferences/exporter-options.ts';
import { axolotl } from '../../src/preferences/formats/axolotl.ts';
import { openaiPreference } from '../../src/preferences/formats/openai-preference.ts';
import { parquet } from '../../src/preferences/formats/parquet.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { HOSTILE_TEXTS } from '../report/hostile-texts.ts';
import { activeMarkdown, MARKUP, UNSAFE_CHARACTERS } from '../unsafe-characters.ts';
import { useExportFolder } from './export-files.ts';
import { fixtureTrees } from './trees.ts';

const folder = useExportFolder();

const formats = [
  trlSft(),
  trlDpo(),
  openaiPreference(),
  axolotl({ method: 'dpo', base: 'any/model' }),
  parquet(trlDpo()),
];

async function card(options: Partial<PreferenceExporterOptions> = {}): Promise<string> {
  await new PreferenceExporter({ formats, validationShare: 0.3, seed: 2, ...options }).write(
    fixtureTrees(),
    folder.dir,
  );
  return folder.text('README.md');
}

describe('the dataset card', () => {
  test('reads as its golden file', async () => {
    const text = await card({
      card: {
        title: 'Small talk',
        license: 'cc-by-4.0',
        sources: [{ name: 'seed profiles', license: 'cc0-1.0' }],
      },
    });
    await expect(text).toMatchFileSnapshot('../golden/preferences/dataset-card.md');
  });

  test('shows hostile titles, licences, sources and models as text', async () => {
    const all = HOSTILE_TEXTS.join('\n');
    const plain = await card({ card: { title: 'a', license: 'b', sources: [{ name: 'c', license: 'd' }] } });
    const trees = fixtureTrees().map((tree) => ({
      ...tree,
      provenance: { ...tree.provenance, models: { ...tree.provenance.models, preferred: `${all}\`\`` } },
    }));
    const hostile = { title: all, license: all, sources: [{ name: all, license: all }] };
    const exporter = new PreferenceExporter({ formats, validationShare: 0.3, seed: 2, card: hostile });
    await exporter.write(trees, folder.dir);
    const [, matter = '', body = ''] = /^---\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(
      await folder.text('README.md'),
    )!;
    expect(parse(matter).license).toBe(all);
    expect(body).not.toMatch(UNSAFE_CHARACTERS);
    const lines = (text: string) => text.slice(text.indexOf('<!-- Written')).split('\n').length;
    expect(lines(body)).toBe(lines(plain));
    const words = body.replace(/^<!-- Written.*-->$/m, '').replace(/^```[\s\S]*?^```$/gm, '');
    expect(activeMarkdown(words)).not.toMatch(MARKUP);
  });

  test('has front matter with a configuration, its files and its types for each format', async () => {
    const { configs, dataset_info: info, license } = parse((await card()).split('---\n')[1]!);
    expect(configs.map((config: { config_name: string }) => config.config_name)).toEqual([
      'trl-sft',
      'trl-dpo',
      'openai-preference',
      'axolotl-dpo',
    ]);
    expect(configs[1].data_files).toEqual([
      { split: 'train', path: 'trl-dpo.train.jsonl' },
      { split: 'validation', path: 'trl-dpo.validation.jsonl' },
    ]);
    expect(info[0]).toEqual({
      config_name: 'trl-sft',
      features: ['prompt', 'completion'].map((name) => ({
        name,
        list: [
          { name: 'role', dtype: 'string' },
          { name: 'content', dtype: 'string' },
        ],
      })),
    });
    expect(license).toBeUndefined();
  });

  test('has a line that loads each file, and knows the sum of every one', async () => {
    const text = await card();
    const manifest = JSON.parse(await folder.text('manifest.json'));
    for (const { name, sha256 } of manifest.files) {
      expect(text).toContain(name);
      expect(text).toContain(sha256);
    }
    expect(text).toContain('axolotl train axolotl-dpo.yaml');
    expect(text).toContain('load_dataset("/path/to/this/folder", "trl-dpo")');
    // A folder's files all go to one reader, so this one has to be named.
    expect(text).toContain('load_dataset("parquet", data_files={"train": "trl-dpo-parquet.train.parquet"');
  });

  test('does not take the place of somebody’s own README, which is seen before anything is asked for', async () => {
    const path = join(folder.dir, 'README.md');
    await writeFile(path, '# Mine\n');
    let asked = false;
    function* trees() {
      asked = true;
      yield* fixtureTrees();
    }
    const exporter = new PreferenceExporter({ formats });
    await expect(exporter.write(trees(), folder.dir)).rejects.toThrow('Option "dir"');
    expect([asked, await readFile(path, 'utf8')]).toEqual([false, '# Mine\n']);
    await new PreferenceExporter({ formats: [trlDpo()], card: false }).write(trees(), folder.dir);
    expect(await readFile(path, 'utf8')).toBe('# Mine\n');
  });

  test('is refused in any shape but its own', () => {
    const wrong = 'cc-by-4.0' as unknown as false;
    expect(() => new PreferenceExporter({ formats, card: wrong })).toThrow('Option "card"');
  });

  test('is replaced by the next export, and not written when it is not wanted', async () => {
    expect(await card({ card: { title: 'First' } })).toContain('# First');
    expect(await card({ card: { title: 'Second' } })).toContain('# Second');
    expect((await readdir(folder.dir)).filter((name) => name.includes('README'))).toEqual(['README.md']);
  });
});
