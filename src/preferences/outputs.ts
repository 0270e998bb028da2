import { join } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { openAtomic } from '../internal/write-file.ts';
import { type FileSummary, openRowFile, type RowFile } from './row-file.ts';

/** The files of one export, which appear together. */
export interface Outputs {
  write(name: string, row: object): Promise<void>;
  /**
   * Puts everything on disk, then renames: the manifest last, so that its hashes tell whether a crash came in
   * between.
   */
  commit<Manifest>(describe: (files: readonly FileSummary[]) => Manifest): Promise<Manifest>;
  discard(): Promise<void>;
}

/**
 * Opens all files of an export, before anything is paid for.
 *
 * @throws InvalidOptionError when the directory cannot be written to.
 */
export async function openOutputs(dir: string, names: readonly string[]): Promise<Outputs> {
  const files = new Map<string, RowFile>();
  const opened: { discard(): Promise<void> }[] = [];

  async function discard(): Promise<void> {
    await Promise.allSettled(opened.map((file) => file.discard()));
  }

  try {
    const manifestFile = await openAtomic(join(dir, 'manifest.json'));
    opened.push(manifestFile);
    for (const name of names) {
      const file = await openRowFile(join(dir, name));
      opened.push(file);
      files.set(name, file);
    }
    return {
      write: (name, row) => files.get(name)!.write(row),
      async commit(describe) {
        const summaries: FileSummary[] = [];
        for (const file of files.values()) {
          const summary = await file.seal();
          if (summary !== null) summaries.push(summary);
        }
        const manifest = describe(summaries);
        await manifestFile.write(`${JSON.stringify(manifest, null, 2)}\n`);
        await manifestFile.seal();
        for (const file of files.values()) await file.commit();
        await manifestFile.commit();
        return manifest;
      },
      discard,
    };
  } catch (cause) {
    await discard();
    throw new InvalidOptionError('dir', 'a directory that can be written to', dir, { cause });
  }
}
