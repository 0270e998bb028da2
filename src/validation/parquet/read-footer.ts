import { type AsyncBuffer, type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { checkThrift } from './check-thrift.ts';

/** Most bytes of a footer. It is read as a whole. */
const MAX_FOOTER_BYTES = 64 * 2 ** 20;
/** `PAR1`, in the last four bytes. */
const MAGIC = 0x31524150;
/** Limits of the schema. hyparquet compares each column with each other one, and copies the path of each. */
const MAX_COLUMNS = 1_000;
const MAX_NAME = 1_000;
const MAX_DEPTH = 64;
/** Bytes of a decimal number, of which reading takes quadratic time. Writers use up to 16. */
const MAX_DECIMAL_BYTES = 32;
const UUID_BYTES = 16;

const UNREADABLE_TYPES: ReadonlySet<unknown> = new Set(['VARIANT', 'GEOMETRY', 'GEOGRAPHY']);

/**
 * Reads the footer of a Parquet file, in time and memory proportional to its length.
 *
 * @throws Error if it is damaged, or its schema has more or other columns than a dataset.
 */
export async function readFooter(file: AsyncBuffer): Promise<FileMetaData> {
  const end = file.byteLength - 8;
  if (end < 4) throw new Error('the file is too short');
  const tail = new DataView(await file.slice(end, file.byteLength));
  if (tail.getUint32(4, true) !== MAGIC) throw new Error('the file does not end with PAR1');
  const length = tail.getUint32(0, true);
  if (length > end) throw new Error(`the footer is longer than the file (${length} bytes)`);
  if (length > MAX_FOOTER_BYTES) throw new Error(`the footer is longer than ${MAX_FOOTER_BYTES} bytes`);
  const bytes = await file.slice(end - length, file.byteLength);
  checkThrift(new DataView(bytes), 0);
  checkStatistics(deserializeTCompactProtocol({ view: new DataView(bytes), offset: 0 }));
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  checkSchema(metadata.schema);
  return metadata;
}

/** Fields by number, as Thrift has them. */
type Fields = Readonly<Record<string, unknown>>;

const STATISTICS = ['field_1', 'field_2', 'field_5', 'field_6'];
const DECIMAL = 5;

/** hyparquet reads the statistics with the rest of the footer, so their lengths must be checked before. */
function checkStatistics({ field_2: schema, field_4: groups }: Fields): void {
  const leaves = fieldsIn(schema).filter((element) => element.field_1 !== undefined);
  for (const { field_1: columns } of fieldsIn(groups)) {
    for (const [index, column] of fieldsIn(columns).entries()) {
      const { field_6: convertedType, field_10: logicalType } = fieldsOf(leaves[index]);
      if (convertedType !== DECIMAL && fieldsOf(logicalType).field_14 === undefined) continue;
      const statistics = fieldsOf(fieldsOf(column.field_3).field_12);
      for (const name of STATISTICS) {
        const { length = 0 } = (statistics[name] ?? {}) as { readonly length?: number };
        if (length > MAX_DECIMAL_BYTES) throw new Error(`the statistics have a number of ${length} bytes`);
      }
    }
  }
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const fieldsIn = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

function checkSchema(schema: readonly SchemaElement[]): void {
  if (schema.length > MAX_COLUMNS) throw new Error(`the schema has more than ${MAX_COLUMNS} columns`);
  /** How many columns are still to come, at each level. */
  const open: number[] = [];
  for (const element of schema) {
    checkElement(element);
    while (open.at(-1) === 0) open.pop();
    if (open.length > 0) open[open.length - 1]! -= 1;
    if (element.num_children) open.push(element.num_children);
    if (open.length > MAX_DEPTH) throw new Error(`columns are nested more than ${MAX_DEPTH} levels deep`);
  }
}

function checkElement(element: SchemaElement): void {
  const {
    name = '',
    type,
    type_length: bytes = 0,
    converted_type: converted,
    num_children: children,
  } = element;
  const logical: unknown = element.logical_type?.type;
  if (name.length > MAX_NAME) throw new Error(`a column name has more than ${MAX_NAME} characters`);
  if (children !== undefined && !(Number.isInteger(children) && children >= 0)) {
    throw new Error(`the column ${name} has a wrong number of columns`);
  }
  if (UNREADABLE_TYPES.has(logical)) throw new Error(`the column ${name} is of type ${logical}`);
  const long = type === 'BYTE_ARRAY' || (type === 'FIXED_LEN_BYTE_ARRAY' && bytes > MAX_DECIMAL_BYTES);
  if (converted === 'DECIMAL' && long) throw new Error(`the column ${name} has numbers of any length`);
  if (logical === 'UUID' && !(type === 'FIXED_LEN_BYTE_ARRAY' && bytes === UUID_BYTES)) {
    throw new Error(`the column ${name} has ids of any length`);
  }
}
