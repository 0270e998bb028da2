import { asyncBufferFromFile, parquetReadObjects, parquetSchema } from 'hyparquet';
import { checkRowGroup, checkRowGroups } from './check-row-group.ts';
import { compressors } from './compressors.ts';
import { readFooter } from './read-footer.ts';

/**
 * How many times its size a file may unpack to, and what every file may. Text compresses less, apart from prompts that
 * are the same in all rows.
 */
const MAX_EXPANSION = 1_000;
const FREE_BYTES = 2 ** 26;
/** What a value costs beside its text. */
const VALUE_BYTES = 64;

/**
 * Reads the rows of a Parquet file, one row group after the other. Everything is checked before hyparquet decodes it, so
 * that time and memory are in proportion to the size of the file.
 *
 * @param maxDepth How many levels of objects and lists of a row are counted.
 * @throws Error if the file is damaged or unpacks to too much.
 */
export async function* readParquet(
  path: string,
  maxDepth: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const file = await asyncBufferFromFile(path);
  const metadata = await readFooter(file);
  const schema = parquetSchema(metadata);
  checkRowGroups(file, metadata, schema);
  let left = FREE_BYTES + MAX_EXPANSION * file.byteLength;
  for (const group of metadata.row_groups) {
    signal?.throwIfAborted();
    await checkRowGroup(file, group, schema);
    // With the other groups, hyparquet would look through all of them each time.
    const alone = { ...metadata, row_groups: [group] };
    for (const row of await parquetReadObjects({ file, metadata: alone, compressors })) {
      left -= sizeOf(row, left, maxDepth);
      if (left < 0) throw new Error(`the rows are more than ${MAX_EXPANSION} times larger than the file`);
      yield row;
    }
  }
}

/** Size of a value in bytes. Counting ends at `most`: one text of a dictionary may be in a row any number of times. */
function sizeOf(value: unknown, most: number, depth: number): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  if (ArrayBuffer.isView(value)) return VALUE_BYTES + value.byteLength;
  let size = VALUE_BYTES;
  if (depth === 0) return size;
  for (const member of Object.values(value)) {
    size += sizeOf(member, most - size, depth - 1);
    if (size > most) break;
  }
  return size;
}
