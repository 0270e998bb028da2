import { join } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { sha256 } from '../internal/hash.ts';
import { isFullDisk } from '../internal/write-error.ts';
import { type AtomicWriter, openAtomic } from '../internal/write-file.ts';
import type { Columns } from './columns.ts';
import { openParquetFile } from './parquet-file.ts';
import { type FileSummary, openRowFile, type RowFile } from './row-file.ts';

/** A data file to write. */
export interface OutputSpec {
  readonly name: string;
  /** Columns of a Parquet file; null for JSON Lines. */
  readonly columns: Columns | null;
}

/** A file written alongside the data: a trainer configuration, or the dataset card. */
export interface CompanionSummary {
  /** File name, in the directory of the export. */
  readonly name: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
}

/** The files of one export. All become visible together. */
export interface Outputs {
  write(name: string, row: object): Promise<void>;
  /** Flushes all data files to disk and returns their sizes and hashes. */
  seal(): Promise<readonly FileSummary[]>;
  /** Writes a whole file alongside the data. */
  addCompanion(name: string, text: string): Promise<CompanionSummary>;
  /** Makes all files visible, the manifest last: after a crash in between, its hashes do not match the files. */
  commit(manifest: object): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Opens all files of an export before the first conversation is requested, since conversations may cost money.
 *
 * @throws InvalidOptionError if the directory is not writable.
 */
export async function openOutputs(dir: string, specs: readonly OutputSpec[]): Promise<Outputs> {
  const files = new Map<string, RowFile>();
  const companions: AtomicWriter[] = [];
  const opened: { discard(): Promise<void> }[] = [];

  async function discard(): Promise<void> {
    await Promise.allSettled(opened.map((file) => file.discard()));
  }

  try {
    const manifestFile = await openAtomic(join(dir, 'manifest.json'));
    opened.push(manifestFile);
    for (const { name, columns } of specs) {
      const path = join(dir, name);
      const file = columns === null ? await openRowFile(path) : await openParquetFile(path, columns);
      opened.push(file);
      files.set(name, file);
    }
    return {
      write: (name, row) => files.get(name)!.write(row),
      async seal() {
        const summaries: FileSummary[] = [];
        for (const file of files.values()) {
          const summary = await file.seal();
          if (summary !== null) summaries.push(summary);
        }
        return summaries;
      },
      async addCompanion(name, text) {
        const file = await openAtomic(join(dir, name));
        opened.push(file);
        companions.push(file);
        await file.write(text);
        await file.seal();
        return { name, bytes: Buffer.byteLength(text), sha256: sha256(text) };
      },
      async commit(manifest) {
        await manifestFile.write(`${JSON.stringify(manifest, null, 2)}\n`);
        await manifestFile.seal();
        for (const file of [...files.values(), ...companions]) await file.commit();
        await manifestFile.commit();
      },
      discard,
    };
  } catch (cause) {
    await discard();
    if (isFullDisk(cause)) throw cause;
    throw new InvalidOptionError('dir', 'a writable directory', dir, { cause });
  }
}
