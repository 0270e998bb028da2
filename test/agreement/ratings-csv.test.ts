import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RatingSheet } from '../../src/agreement/rating-sheet.ts';
import { ratingSheetCsv, readRatingsCsv } from '../../src/agreement/ratings-csv.ts';
import { sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { InvalidFileError } from '../../src/errors.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-ratings-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: string | Uint8Array, name = 'Ann.csv'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
const read = async (content: string | Uint8Array) => (await readRatingsCsv(await fileOf(content))).ratings;

const { sheet } = sampleForRating(
  [
    evaluationOf([
      [1, 5],
      [3, 4],
    ]),
  ],
  { count: 4 },
);
const withResponse = (response: string): RatingSheet => ({
  ...sheet,
  items: sheet.items.map((item) => ({ ...item, response })),
});
const rowsOf = (csv: string) => Papa.parse<string[]>(csv.slice(1).trimEnd(), { delimiter: ',' }).data;

describe('the table for raters', () => {
  test('has a row for each item with the user, the conversation, the reply and room to rate', () => {
    const csv = ratingSheetCsv(sheet);
    expect(csv.startsWith('\uFEFFid,user,conversation,reply,rating,note\r\n')).toBe(true);
    const rows = rowsOf(csv);
    expect(rows).toHaveLength(5);
    for (const [index, { id, facts, response }] of sheet.items.entries()) {
      const [rowId, user, conversation, reply, ...empty] = rows[index + 1]!;
      expect([rowId, reply, empty]).toEqual([id, response, ['', '']]);
      expect(user!.split('\n')[0]).toBe(`• ${facts[0]}`);
      expect(conversation).toMatch(/^User: Message 1/);
    }
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "\t'=1"],
    ['\r=1', "\r'=1"],
    ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
    ['=1\nand more', "'=1\nand more"],
    ['Well:\n=1\n- a\r\n@b', "Well:\n'=1\n'- a\r\n'@b"],
    ['a\u2028=1\u2029=1', "a\u2028'=1\u2029'=1"],
    ['＝1＋1', "'＝1＋1"],
    ['a\n＋1\n－1\n＠b', "a\n'＋1\n'－1\n'＠b"],
    ['﹦1', "'﹦1"],
    ['  =1', "  '=1"],
    ['\u0000=1', "\u0000'=1"],
    ['\u200b\ufeff=1', "\u200b\ufeff'=1"],
    ['\u3000=1', "\u3000'=1"],
    ['"=1"', '"\'=1"'],
    ["'=1", "''=1"],
    ['a;=1;b', "a;'=1;b"],
    ['a,=1', "a,'=1"],
    ['a\t@b', "a\t'@b"],
    ['a;"=1"', 'a;"\'=1"'],
    ['a, =1', "a, '=1"],
    ['a;\u00a0\u200b"=1"', 'a;\u00a0\u200b"\'=1"'],
    ['a\v=1\f+2\u0085@x', "a\v'=1\f'+2\u0085'@x"],
    ['1 + 1 = 2, so a-b; me@home', '1 + 1 = 2, so a-b; me@home'],
  ])('holds no formula: %j', (response, cell) => {
    expect(rowsOf(ratingSheetCsv(withResponse(response)))[1]![3]).toBe(cell);
  });

  test('holds none for a spreadsheet that expects another separator', () => {
    const separator = fc.constantFrom(',', ';', '\t');
    const unit = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '＝',
      ',',
      ';',
      '\t',
      '\n',
      '\r',
      '"',
      "'",
      '\u0000',
      'a',
      '1',
    );
    fc.assert(
      fc.property(
        separator,
        separator,
        fc.string({ unit, maxLength: 20 }),
        (delimiter, expected, response) => {
          const csv = ratingSheetCsv(withResponse(response), { delimiter });
          const cells = Papa.parse<string[]>(csv.slice(1), { delimiter: expected }).data.flat();
          expect(cells.filter((cell) => /^["']*(?<!')[=+\-@＝]/.test(cell))).toEqual([]);
        },
      ),
    );
  });

  test('has semicolons between cells where an Excel wants them', () => {
    const csv = ratingSheetCsv(sheet, { delimiter: ';' });
    expect(Papa.parse(csv.slice(1).trimEnd(), { delimiter: ';' }).data).toEqual(
      rowsOf(ratingSheetCsv(sheet)),
    );
    expect(() => ratingSheetCsv(sheet, { delimiter: '|' as ',' })).toThrow(/"delimiter"/);
  });

  test('keeps any text in its cell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (response) => {
        const rows = rowsOf(ratingSheetCsv(withResponse(response)));
        expect(rows).toHaveLength(5);
        expect(rows.every((row) => row.length === 6)).toBe(true);
        expect(rows[1]![3]!.replaceAll("'", '')).toBe(response.replaceAll("'", ''));
      }),
    );
  });
});

describe('a table that was filled in', () => {
  const filled = (delimiter: string) => {
    const [header, ...rows] = rowsOf(ratingSheetCsv(sheet));
    return Papa.unparse(
      [
        header!,
        ...rows.map((row, index) => [
          ...row.slice(0, 4),
          index === 3 ? '' : `${index + 1}`,
          index === 0 ? 'Höflich; "naja"' : '',
        ]),
      ],
      { delimiter },
    );
  };
  const expected = sheet.items.map(({ id }, index) => ({
    id,
    rating: index === 3 ? null : index + 1,
    ...(index === 0 && { note: 'Höflich; "naja"' }),
  }));

  test.each([
    ['as it was made', () => `\uFEFF${filled(',')}\r\n`],
    ['as a German Excel saves it', () => `\uFEFF${filled(';')}`],
    ['with tabs', () => filled('\t')],
    ['in UTF-16', () => Buffer.from(`\uFEFF${filled('\t')}`, 'utf16le')],
    ['in Windows-1252', () => Buffer.from(filled(';').replaceAll('•', '-'), 'latin1')],
  ])('is read %s', async (_, content) => {
    expect(await readRatingsCsv(await fileOf(content()))).toEqual({
      schema: 'aloe-ratings/1',
      rater: 'Ann',
      ratings: expected,
    });
  });

  test('is read whatever the texts in it are, with any delimiter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(';', ',', '\t', '"', '\n', "'", 'a', ' '), { maxLength: 40 }),
        fc.constantFrom(';', ',', '\t'),
        async (characters, delimiter) => {
          const csv = ratingSheetCsv(withResponse(characters.join('')), { delimiter: delimiter as ';' });
          const { data } = Papa.parse<string[]>(csv.slice(1).replace(/\r\n$/, ''), { delimiter });
          const table = data.map((row, index) => (index === 0 ? row : [...row.slice(0, 4), '3', '']));
          expect((await read(Papa.unparse(table, { delimiter }))).map(({ rating }) => rating)).toEqual([
            3, 3, 3, 3,
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('may have other columns in another order, empty rows and ratings as spreadsheets write them', async () => {
    const ratings = await read('Rating;mine; ID \n4,0;x;a\n;;\n 2 ;;b\n5.00;;c\n;;d\n;;;;\n');
    expect(ratings).toEqual([
      { id: 'a', rating: 4 },
      { id: 'b', rating: 2 },
      { id: 'c', rating: 5 },
      { id: 'd', rating: null },
    ]);
  });

  test('has the rater it is told', async () => {
    const path = await fileOf('id,rating\na,1\n');
    expect((await readRatingsCsv(path, { rater: 'Bea' })).rater).toBe('Bea');
    await expect(readRatingsCsv(path, { rater: ' ' })).rejects.toThrow(/"rater"/);
  });

  test.each([
    ['id,rating\na,1\nb,six\n', /row 3 \(b\) has the rating "six", which is not a whole number from 1 to 5/],
    ['id,rating\na,0\n', /row 2 \(a\)/],
    ['id,rating\na,6\n', /row 2 \(a\)/],
    ['id,rating\na,3.5\n', /row 2 \(a\)/],
    ['id,rating\n"a\nb",1\n,2\n', /row 3 has no id/],
    ['id,rating\na,1\n\na,2\n', /row 4 repeats the id a of row 2/],
    ['id,rating\na,1,oh\n', /row 2 has more cells/],
    ['id,rating\na,"1\n', /row 2 has an unclosed quotation mark/],
    ['id,score\na,1\n', /must have the columns "id" and "rating"/],
    ['', /must have the columns "id" and "rating"/],
    ['\0\u0001', /must have the columns "id" and "rating"/],
  ])('is refused with the row that is wrong: %j', async (content, message) => {
    await expect(read(content)).rejects.toThrow(InvalidFileError);
    await expect(read(content)).rejects.toThrow(message);
  });

  test('fails with the reader’s own error, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await read(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(InvalidFileError));
      }),
      { numRuns: 50 },
    );
    await expect(readRatingsCsv(join(folder, 'none.csv'))).rejects.toThrow('cannot be read');
  });
});
