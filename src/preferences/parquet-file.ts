import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ParquetWriter } from 'hyparquet-writer';
import { VERSION } from '../internal/version.ts';
import { openAtomic } from '../internal/write-file.ts';
import { type Columns, isList, type ValueType } from './columns.ts';
import type { RowFile } from './row-file.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** About 4 MiB of JSON per row group: small enough to keep many files open, large enough to compress well. */
const ROW_GROUP_CHARACTERS = 4 * 1024 * 1024;

/** Opens a Parquet file (Snappy) that becomes visible when committed. It keeps one row group in memory. */
export async function openParquetFile(path: string, columns: Columns): Promise<RowFile> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const file = await openAtomic(path);
  const hash = createHash('sha256');
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: parquetSchema(columns),
    createdBy: `aloe-align version ${VERSION}`,
  });
  let pending: Record<string, unknown>[] = [];
  let characters = 0;
  let rows = 0;

  async function flush(): Promise<void> {
    const chunk = bytes.getBytes().slice();
    bytes.index = 0;
    hash.update(chunk);
    await file.write(chunk);
  }

  async function endRowGroup(): Promise<void> {
    const group = pending;
    pending = [];
    characters = 0;
    await writer.write({
      columnData: Object.keys(columns).map((name) => ({ name, data: group.map((row) => row[name]) })),
      rowGroupSize: group.length,
    });
    await flush();
  }

  return {
    async write(row) {
      rows += 1;
      characters += JSON.stringify(row).length;
      pending.push({ ...row });
      if (characters >= ROW_GROUP_CHARACTERS) await endRowGroup();
    },
    async seal() {
      if (rows === 0) return null;
      if (pending.length > 0) await endRowGroup();
      await writer.finish();
      await flush();
      await file.seal();
      return { name: basename(path), rows, bytes: bytes.offset, sha256: hash.digest('hex') };
    },
    async commit() {
      if (rows > 0) return file.commit();
      await file.discard();
      await rm(path, { force: true });
    },
    discard: () => file.discard(),
  };
}

/** Converts columns to Parquet's flat list of schema elements, parents before children. Nothing is nullable. */
function parquetSchema(columns: Columns): SchemaElement[] {
  return group('root', columns);
}

function group(name: string, fields: Readonly<Record<string, ValueType>>): SchemaElement[] {
  const children = Object.entries(fields);
  return [
    { name, repetition_type: 'REQUIRED', num_children: children.length },
    ...children.flatMap(([child, type]) => schemaOf(child, type)),
  ];
}

function schemaOf(name: string, type: ValueType): SchemaElement[] {
  if (type === 'string') {
    return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }];
  }
  if (type === 'boolean') return [{ name, type: 'BOOLEAN', repetition_type: 'REQUIRED' }];
  if (type === 'integer') return [{ name, type: 'INT32', repetition_type: 'REQUIRED' }];
  if (!isList(type)) return group(name, type);
  return [
    { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...schemaOf('element', type[0]),
  ];
}
