import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { InvalidFileError, InvalidOptionError } from '../../src/errors.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { type ReadDroppedOptions, readDroppedRecords } from '../../src/preferences/read-dropped.ts';
import { useExportFolder } from './export-files.ts';
import { dry, nurse, type PlayedTurn, playedTree } from './trees.ts';

const folder = useExportFolder();
const file = () => join(folder.dir, 'preferences.jsonl');

const refusal = (index: number): PlayedTurn => ({
  user: `Help me, ${index}.`,
  revealed: ['T1'],
  preferred: 'I cannot fulfill your request.',
  rejected: `No, ${index}.`,
});

beforeEach(async () => {
  const turns = [{ ...refusal(0), preferred: 'Yes.', rejected: 'Yes!' }, refusal(1), refusal(2)];
  await new PreferenceExporter({ formats: [trlSft(), trlDpo()], validationShare: 0 }).write(
    [playedTree('c', nurse, dry, turns)],
    folder.dir,
  );
});

describe('readDroppedRecords', () => {
  test('gives the records of each reason, the most frequent first, with what was found', async () => {
    const found = await readDroppedRecords(file());
    expect(found.map(({ reason, count }) => [reason, count])).toEqual([
      ['refusal', 2],
      ['near-identical', 1],
    ]);
    expect(found[0]!.records.map(({ turn }) => turn)).toEqual([2, 3]);
    expect(found[0]!.records[0]).toMatchObject({ evidence: 'i cannot fulfill your request' });
    expect(found[1]!.records[0]).toMatchObject({ preferred: 'Yes.', evidence: 'similarity 1.00' });
  });

  test('reads a directory, also one of conversations that all failed', async () => {
    expect(await readDroppedRecords(folder.dir)).toEqual(await readDroppedRecords(file()));
    await new PreferenceExporter({ formats: [trlDpo()] }).write([], folder.dir);
    expect(existsSync(file())).toBe(false);
    expect(await readDroppedRecords(folder.dir)).toEqual([]);
  });

  test('counts all and keeps as many as asked for, of the reasons and the kind asked for', async () => {
    const read = async (options: ReadDroppedOptions) =>
      (await readDroppedRecords(file(), options)).map(({ reason, count, records }) => [
        reason,
        count,
        records.length,
      ]);
    expect(await read({ rows: 1 })).toEqual([
      ['refusal', 2, 1],
      ['near-identical', 1, 1],
    ]);
    expect(await read({ rows: 0, reasons: ['near-identical'] })).toEqual([['near-identical', 1, 0]]);
    expect(await read({ kind: 'demonstration' })).toEqual([['refusal', 2, 2]]);
    expect(await read({ kind: 'rejected-demonstration' })).toEqual([]);
    expect(await read({ reasons: [] })).toEqual([]);
  });

  test.each<[string, object]>([
    ['kind', { kind: 'triple' }],
    ['rows', { rows: -1 }],
    ['rows', { rows: 1.5 }],
    ['reasons', { reasons: 'refusal' }],
    ['reasons[1]', { reasons: ['refusal', 'boredom'] }],
    ['row', { row: 3 }],
  ])('refuses a wrong %s', async (option, options) => {
    await expect(readDroppedRecords(file(), options)).rejects.toThrow(InvalidOptionError);
    await expect(readDroppedRecords(file(), options)).rejects.toThrow(option);
  });

  test('says what reasons must be, and whose options they are', async () => {
    const reasons = 'refusal' as unknown as [];
    await expect(readDroppedRecords(file(), { reasons })).rejects.toThrow(/reasons.*an array of reasons/);
    const typo = { row: 3 } as object;
    await expect(readDroppedRecords(file(), typo)).rejects.toThrow(/readDroppedRecords\(\)/);
  });

  test('says which file it cannot read', async () => {
    await expect(readDroppedRecords(join(folder.dir, 'none.jsonl'))).rejects.toThrow(InvalidFileError);
  });
});
