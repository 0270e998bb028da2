import type { ColumnMetaData, PageHeader, SchemaTree } from 'hyparquet';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { readVarInt } from 'hyparquet/src/thrift.js';
import { type Place, skipVarint } from './check-thrift.ts';
import { compressors } from './compressors.ts';

/** Indices into a dictionary have at most 32 bits. */
const MAX_INDEX_BITS = 32;
/** Writers fill up the last run of bits, to at most this many values. */
const MAX_PADDING = 512;
/** Longest value that may be spread over a page byte by byte. The encoding is meant for numbers. */
const MAX_SPLIT_BYTES = 16;

/** The column that a page belongs to. */
export interface PageColumn {
  readonly metadata: ColumnMetaData;
  /** From the root of the schema to the column. */
  readonly path: SchemaTree[];
}

/**
 * Checks a data page before hyparquet decodes it, in time proportional to its size. hyparquet believes the counts in a
 * page, so that a few bytes fill the memory or never end.
 *
 * @param bytes The page as it is in the file.
 * @throws Error if it has more values than its header states, or an encoding whose size cannot be told beforehand.
 */
export function checkPage(bytes: Uint8Array, header: PageHeader, column: PageColumn): void {
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  if (header.type === 'DATA_PAGE' && v1 !== undefined) {
    const place = startOf(unpack(bytes, header.uncompressed_page_size, column));
    for (const width of levelWidths(column)) {
      const end = 4 + place.offset + place.view.getUint32(place.offset, true);
      place.offset += 4;
      checkRuns(place, width, v1.num_values);
      place.offset = end;
    }
    checkValues(place, v1.encoding, v1.num_values, column);
  } else if (header.type === 'DATA_PAGE_V2' && v2 !== undefined) {
    const lengths = [v2.repetition_levels_byte_length, v2.definition_levels_byte_length] as const;
    const levels = startOf(bytes);
    const [repetitions, definitions] = [
      getMaxRepetitionLevel(column.path),
      getMaxDefinitionLevel(column.path),
    ];
    if (repetitions > 0) checkRuns(levels, bitWidth(repetitions), v2.num_values);
    levels.offset = lengths[0];
    if (definitions > 0) checkRuns(levels, bitWidth(definitions), v2.num_values);
    // hyparquet finds the values where the definition levels end, or where they would begin if there are none.
    const values = bytes.subarray(lengths[0] + (definitions > 0 ? lengths[1] : 0));
    const size = header.uncompressed_page_size - lengths[0] - lengths[1];
    const page = v2.is_compressed === false ? values : unpack(values, size, column);
    checkValues(startOf(page), v2.encoding, v2.num_values - v2.num_nulls, column);
  }
}

function unpack(bytes: Uint8Array, size: number, { metadata }: PageColumn): Uint8Array {
  return decompressPage(bytes, size, metadata.codec, compressors);
}

function startOf(bytes: Uint8Array): Place {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

/** Bits of the levels that the page begins with. */
function levelWidths({ path }: PageColumn): number[] {
  const most = [path.length > 1 ? getMaxRepetitionLevel(path) : 0, getMaxDefinitionLevel(path)];
  return most.filter((level) => level > 0).map(bitWidth);
}

const bitWidth = (level: number) => 32 - Math.clz32(level);

function checkValues(place: Place, encoding: string, count: number, { metadata, path }: PageColumn): void {
  const { type } = metadata;
  switch (encoding) {
    case 'RLE':
      if (type !== 'BOOLEAN') throw new Error(`a page of ${type} has the encoding ${encoding}`);
      place.offset += 4;
      checkRuns(place, 1, count);
      return;
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      if (type === 'BOOLEAN') throw new Error(`a page of ${type} has the encoding ${encoding}`);
      const width = place.view.getUint8(place.offset++);
      if (width > MAX_INDEX_BITS) throw new Error(`a dictionary has indices of ${width} bits`);
      checkRuns(place, width, count);
      return;
    }
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      checkDeltas(place, encoding === 'DELTA_BINARY_PACKED' && type !== 'INT32');
      return;
    case 'DELTA_BYTE_ARRAY':
      throw new Error(
        'the encoding DELTA_BYTE_ARRAY is not supported; write the file with dictionaries or plain',
      );
    case 'BYTE_STREAM_SPLIT':
      if (type === 'FIXED_LEN_BYTE_ARRAY' && (path.at(-1)?.element.type_length ?? 0) > MAX_SPLIT_BYTES) {
        throw new Error(
          `a page has the encoding ${encoding} for values of more than ${MAX_SPLIT_BYTES} bytes`,
        );
      }
  }
}

/**
 * Walks runs of equal values and of packed bits.
 *
 * @param count How many values there are, or more: nulls have no value.
 */
function checkRuns(place: Place, width: number, count: number): void {
  const { byteLength } = place.view;
  for (let seen = 0; seen < count && place.offset < byteLength; ) {
    const head = readVarInt(place);
    const run = head & 1 ? (head >>> 1) * 8 : head >>> 1;
    if (run > count - seen + (head & 1 ? MAX_PADDING : 0)) {
      throw new Error(`a page of ${count} values has a run of ${run}`);
    }
    // hyparquet reads a byte of packed bits even if there are none.
    place.offset += head & 1 ? Math.max(1, (run / 8) * width) : Math.ceil(width / 8);
    seen += run;
  }
}

/** Checks blocks of differences. Only those of 64-bit numbers have numbers that hyparquet reads in quadratic time. */
function checkDeltas(place: Place, long: boolean): void {
  const { view } = place;
  const blockSize = readVarInt(place);
  const miniblocks = readVarInt(place);
  const size = blockSize / miniblocks;
  if (!(miniblocks > 0 && size > 0 && size % 32 === 0)) {
    throw new Error(`a page has blocks of ${blockSize} values in ${miniblocks} parts`);
  }
  if (!long) return;
  // The number of values, and the first one.
  skipVarint(place);
  skipVarint(place);
  while (place.offset < view.byteLength) {
    skipVarint(place);
    const widths = place.offset;
    place.offset += miniblocks;
    for (let index = 0; index < miniblocks && place.offset < view.byteLength; index++) {
      const width = view.getUint8(widths + index);
      if (width > 64) throw new Error(`a page has differences of ${width} bits`);
      place.offset += (size / 8) * width;
    }
  }
}
