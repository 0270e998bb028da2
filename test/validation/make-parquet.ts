/** A file that states whatever a test wants it to state. Honest files come from hyparquet-writer. */
export interface ParquetClaims {
  readonly codec?: 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP';
  /** The page as it is in the file: levels and values, compressed or not. */
  readonly page: Buffer;
  /** Stated in the page header. Default: the length of `page`. */
  readonly uncompressedBytes?: number;
  readonly compressedBytes?: number;
  readonly values: number;
  /** Stated in the footer. Default: `values`. */
  readonly rows?: number;
  /** How many row groups share the page. Default 1. */
  readonly groups?: number;
  readonly optional?: boolean;
  /** Columns of the row groups. Default 1. */
  readonly columns?: number;
  /** Place in Parquet's list of encodings. Default 0, plain. */
  readonly encoding?: number;
  /** Place in its list of types. Default 6, texts. */
  readonly type?: number;
  /** Place in its list of older logical types. Default 0, UTF-8. */
  readonly convertedType?: number;
  /** Smallest value in the statistics of the footer. */
  readonly least?: Buffer;
}

/** One column of texts, in one page. */
export function makeParquet(claims: ParquetClaims): Buffer {
  const {
    page,
    values,
    rows = values,
    groups = 1,
    optional = false,
    codec = 'UNCOMPRESSED',
    columns = 1,
    encoding = 0,
    type = 6,
    convertedType = 0,
    least,
  } = claims;
  const header = struct([
    [1, i32(0)],
    [2, i32(claims.uncompressedBytes ?? page.length)],
    [3, i32(claims.compressedBytes ?? page.length)],
    [5, struct([1, 2, 3, 4].map((id) => [id, i32([values, encoding, 3, 3][id - 1]!)]))],
  ]);
  const chunk = Buffer.concat([header.bytes, page]);
  const column = struct([
    [2, i64(4)],
    [
      3,
      struct([
        [1, i32(type)],
        [2, list([i32(encoding)])],
        [3, list([text('prompt')])],
        [4, i32(['UNCOMPRESSED', 'SNAPPY', 'GZIP'].indexOf(codec))],
        [5, i64(values)],
        [6, i64(chunk.length)],
        [7, i64(chunk.length)],
        [9, i64(4)],
        ...(least === undefined ? [] : [[12, struct([[2, text(least)]])] as const]),
      ]),
    ],
  ]);
  const group = struct([
    [1, list(Array(columns).fill(column))],
    [2, i64(chunk.length)],
    [3, i64(rows)],
  ]);
  const footer = struct([
    [1, i32(1)],
    [
      2,
      list([
        struct([
          [4, text('root')],
          [5, i32(Math.min(1, columns))],
        ]),
        struct([
          [1, i32(type)],
          [3, i32(optional ? 1 : 0)],
          [4, text('prompt')],
          [6, i32(convertedType)],
        ]),
      ]),
    ],
    [3, i64(rows * groups)],
    [4, list(Array(groups).fill(group))],
  ]).bytes;
  return withFooter(chunk, footer);
}

/** A file with any bytes as its column and footer. */
export function withFooter(chunk: Buffer, footer: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), chunk, footer, length, Buffer.from('PAR1')]);
}

/** A run of one level: `count` times `value`, with its length in front. */
export function levels(count: number, value: number): Buffer {
  const run = Buffer.concat([varint(BigInt(count) << 1n), Buffer.of(value)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(run.length);
  return Buffer.concat([length, run]);
}

/** A value of Thrift's compact protocol. */
interface Thrift {
  readonly type: number;
  readonly bytes: Buffer;
}

function struct(fields: readonly (readonly [number, Thrift])[]): Thrift {
  let last = 0;
  const parts = fields.map(([id, { type, bytes }]) => {
    const head = ((id - last) << 4) | type;
    last = id;
    return Buffer.concat([Buffer.of(head), bytes]);
  });
  return { type: 12, bytes: Buffer.concat([...parts, Buffer.of(0)]) };
}

function list(items: readonly Thrift[]): Thrift {
  const type = items[0]?.type ?? 12;
  const size = items.length < 15 ? Buffer.of((items.length << 4) | type) : Buffer.of(0xf0 | type);
  const count = items.length < 15 ? Buffer.alloc(0) : varint(BigInt(items.length));
  return { type: 9, bytes: Buffer.concat([size, count, ...items.map(({ bytes }) => bytes)]) };
}

function text(value: string | Buffer): Thrift {
  return { type: 8, bytes: Buffer.concat([varint(BigInt(value.length)), Buffer.from(value as string)]) };
}

const i32 = (value: number): Thrift => ({ type: 5, bytes: varint(zigzag(value)) });
const i64 = (value: number): Thrift => ({ type: 6, bytes: varint(zigzag(value)) });

function zigzag(value: number): bigint {
  const whole = BigInt(value);
  return whole < 0n ? -2n * whole - 1n : 2n * whole;
}

/** A number in Thrift's variable length. */
export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}
