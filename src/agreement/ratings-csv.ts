import { basename, extname } from 'node:path';
import Papa from 'papaparse';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { csvText } from '../internal/csv-text.ts';
import { checkChoice } from '../internal/options.ts';
import { readLimitedFile } from '../internal/read-file.ts';
import { excerpt } from '../redact.ts';
import type { RatingItem, RatingSheet } from './rating-sheet.ts';
import type { Rating, Ratings } from './ratings.ts';

const COLUMNS = ['id', 'user', 'conversation', 'reply', 'rating', 'note'] as const;

/** `4`, or as spreadsheets may write it: `4.0`, `4,0`. */
const WHOLE_RATING = /^([1-5])(?:[.,]0+)?$/;

/** Separator between cells. */
export type CsvDelimiter = ',' | ';' | '\t';

const DELIMITERS: readonly CsvDelimiter[] = [',', ';', '\t'];

/**
 * Formats a sheet as CSV for spreadsheets, with empty columns `rating` (1-5) and `note`. The text begins with a byte
 * order mark, so that Excel reads it as UTF-8. Wherever a spreadsheet could take a text or one of its lines for a formula,
 * an apostrophe stands before the sign.
 *
 * @param options.delimiter Default `,`. Use `;` for an Excel whose locale writes decimals with a comma.
 * @throws InvalidOptionError if `delimiter` is not one of the three.
 */
export function ratingSheetCsv(
  sheet: RatingSheet,
  { delimiter = ',' }: { readonly delimiter?: CsvDelimiter | undefined } = {},
): string {
  checkChoice('delimiter', delimiter, DELIMITERS);
  const rows = sheet.items.map((item) =>
    [item.id, describeUser(item), describeTalk(item), item.response, '', ''].map(csvText),
  );
  return `\uFEFF${Papa.unparse([[...COLUMNS], ...rows], { delimiter })}\r\n`;
}

function describeUser({ facts, traits }: RatingItem): string {
  return [...facts, ...traits].map((text) => `• ${text}`).join('\n');
}

function describeTalk({ conversation }: RatingItem): string {
  return conversation
    .map(({ role, content }) => `${role === 'user' ? 'User' : 'Assistant'}: ${content}`)
    .join('\n\n');
}

/**
 * Reads a table filled in by a rater. The columns `id` and `rating` are required and `note` is optional; others are
 * ignored. It accepts what spreadsheets export: comma, semicolon or tab as separator, UTF-8, UTF-16 or Windows-1252,
 * `4.0` for 4. An empty rating becomes null.
 *
 * @param options.rater Name of the rater. Default: the file name without its extension.
 * @throws InvalidFileError if the file cannot be read or a row is invalid. The message has the spreadsheet row number.
 * @throws InvalidOptionError if `rater` is empty.
 */
export async function readRatingsCsv(
  path: string,
  { rater = basename(path, extname(path)) }: { readonly rater?: string | undefined } = {},
): Promise<Ratings> {
  if (rater.trim() === '') throw new InvalidOptionError('rater', 'a name', rater);
  const text = decode(await readLimitedFile(path));
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: delimiterOf(text) });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken !== undefined) {
    throw new InvalidFileError(path, `row ${(broken.row ?? 0) + 1} has an unclosed quotation mark.`);
  }
  const [header = [], ...rows] = data;
  return { schema: 'aloe-ratings/1', rater, ratings: readRows(path, header, rows) };
}

function readRows(path: string, header: readonly string[], rows: readonly (readonly string[])[]): Rating[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const place = { id: names.indexOf('id'), rating: names.indexOf('rating'), note: names.indexOf('note') };
  if (place.id < 0 || place.rating < 0) {
    throw new InvalidFileError(path, `must have the columns "id" and "rating" in its first row.`, {
      hint: 'Fill in the table from ratingSheetCsv and keep its first row.',
    });
  }
  const rowOf = new Map<string, number>();
  return rows.flatMap((row, index) => {
    const rowNumber = index + 2;
    const cell = (column: number) => row[column]?.trim() ?? '';
    const refuse = (problem: string): never => {
      throw new InvalidFileError(path, `row ${rowNumber} ${problem}.`);
    };
    if (row.every((text) => text.trim() === '')) return [];
    if (row.slice(header.length).some((text) => text.trim() !== '')) {
      refuse('has more cells than the first row');
    }
    const id = cell(place.id);
    if (id === '') refuse('has no id');
    if (rowOf.has(id)) refuse(`repeats the id ${id} of row ${rowOf.get(id)}`);
    rowOf.set(id, rowNumber);
    const given = cell(place.rating);
    const rating = WHOLE_RATING.exec(given)?.[1];
    if (given !== '' && rating === undefined) {
      refuse(
        `(${id}) has the rating ${JSON.stringify(excerpt(given, 40))}, which is not a whole number from 1 to 5`,
      );
    }
    const note = cell(place.note);
    return [{ id, rating: rating === undefined ? null : Number(rating), ...(note !== '' && { note }) }];
  });
}

/** The most frequent delimiter in the header row, which has no free text that could mislead. */
function delimiterOf(text: string): CsvDelimiter {
  const [header = ''] = text.split(/[\r\n]/, 1);
  const count = (delimiter: CsvDelimiter) => header.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
