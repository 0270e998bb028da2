import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { axolotl } from '../../src/preferences/formats/axolotl.ts';
import { openaiPreference } from '../../src/preferences/formats/openai-preference.ts';
import { openaiSft } from '../../src/preferences/formats/openai-sft.ts';
import { parquet } from '../../src/preferences/formats/parquet.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlKto } from '../../src/preferences/formats/trl-kto.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { openParquetFile } from '../../src/preferences/parquet-file.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { useExportFolder } from './export-files.ts';
import { fixtureTrees } from './trees.ts';

const folder = useExportFolder();

async function readBack(name: string): Promise<Record<string, unknown>[]> {
  const file = await asyncBufferFromFile(join(folder.dir, name));
  return parquetReadObjects({ file });
}

describe('parquet', () => {
  test('holds the rows of the JSON Lines file, nested as they are', async () => {
    const base = 'any/model';
    const plain = [
      trlSft(),
      trlDpo(),
      trlKto(),
      openaiPreference(),
      axolotl({ method: 'sft', base }),
      axolotl({ method: 'dpo', base }),
    ];
    const manifest = await new PreferenceExporter({
      formats: [...plain, ...plain.map((format) => parquet(format))],
      validationShare: 0,
    }).write(fixtureTrees(), folder.dir);
    for (const { name } of plain) {
      const rows = await readBack(`${name}-parquet.train.parquet`);
      expect(rows).toEqual(await folder.rows(`${name}.train.jsonl`));
      expect(rows.length).toBeGreaterThan(5);
    }
    for (const { name, bytes, sha256 } of manifest.files) {
      const content = await readFile(join(folder.dir, name));
      expect([bytes, sha256]).toEqual([content.length, createHash('sha256').update(content).digest('hex')]);
    }
  });

  test('has the variables of the chat template as an object with types, in every row', async () => {
    const chatTemplateKwargs = { enable_thinking: false, date_string: '26 Jul 2024', depth: 3 };
    const plain = [trlSft({ chatTemplateKwargs }), trlDpo({ chatTemplateKwargs })];
    await new PreferenceExporter({
      formats: [...plain, ...plain.map((format) => parquet(format))],
      validationShare: 0,
    }).write(fixtureTrees(), folder.dir);
    for (const { name } of plain) {
      const rows = await readBack(`${name}-parquet.train.parquet`);
      expect(rows).toEqual(await folder.rows(`${name}.train.jsonl`));
      for (const row of rows) expect(row.chat_template_kwargs).toEqual(chatTemplateKwargs);
    }
  });

  test('is written a row group at a time, so that memory does not grow with the file', async () => {
    const path = join(folder.dir, 'large.parquet');
    const file = await openParquetFile(path, { text: 'string' });
    const rows = Array.from({ length: 90 }, (_, index) => ({ text: `${index}`.padEnd(100_000, '.') }));
    for (const row of rows) await file.write(row);
    const summary = await file.seal();
    await file.commit();
    expect(summary?.rows).toBe(90);
    const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    expect(row_groups.length).toBe(3);
    expect(await readBack('large.parquet')).toEqual(rows);
  });

  test('keeps any text and any list, empty ones too', async () => {
    const row = fc.record({
      list: fc.array(fc.record({ role: fc.string({ unit: 'grapheme' }), flag: fc.boolean() })),
      one: fc.record({ count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const file = await openParquetFile(join(folder.dir, 'any.parquet'), {
          list: [{ role: 'string', flag: 'boolean' }],
          one: { count: 'integer' },
        });
        for (const each of rows) await file.write(each);
        await file.seal();
        await file.commit();
        // Objects from the property have no prototype.
        expect(await readBack('any.parquet')).toEqual(JSON.parse(JSON.stringify(rows)));
      }),
      { numRuns: 40 },
    );
  });

  test('is not written without rows', async () => {
    const manifest = await new PreferenceExporter({ formats: [parquet(trlDpo())] }).write([], folder.dir);
    expect(manifest.files).toEqual([]);
  });

  test('needs a format that declares its columns', () => {
    // Its weight stands on some messages only.
    expect(() => parquet(openaiSft())).toThrow(InvalidOptionError);
    const { columns: _columns, ...bare } = parquet(trlDpo());
    expect(() => new PreferenceExporter({ formats: [bare] })).toThrow('formats[0].columns');
  });
});
