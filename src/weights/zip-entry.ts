import { type Entry, openPromise, type ZipFile } from 'yauzl';
import type { FileSum } from './sources.ts';
import { type WriteVerifiedOptions, writeVerified } from './verified-file.ts';

export interface ZipMember extends FileSum {
  /** Path inside the archive. */
  readonly entry: string;
  /** Where to write it. Chosen by the caller, never by the archive. */
  readonly to: string;
}

const MAX_ENTRIES = 10_000;
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * Extracts the given entries of a zip file and nothing else.
 *
 * @throws Error when an entry is missing or has the wrong size or checksum, or when the archive contains links, absolute
 * paths, `..` or duplicate names, which no honest wheel does.
 */
export async function extractEntries(
  archive: string,
  members: readonly ZipMember[],
  options: WriteVerifiedOptions = {},
): Promise<void> {
  // yauzl refuses absolute paths, backslashes and `..`. Links and duplicates are checked below.
  const zip = await openPromise(archive, { autoClose: false, strictFileNames: true });
  try {
    const entries = await readDirectory(zip);
    for (const member of members) {
      const entry = entries.get(member.entry);
      if (entry === undefined) throw new Error(`it has no entry "${member.entry}"`);
      if (entry.uncompressedSize !== member.bytes) {
        throw new Error(`"${member.entry}" has ${entry.uncompressedSize} bytes, expected ${member.bytes}`);
      }
      await writeVerified(await zip.openReadStreamPromise(entry), member.to, member, options);
    }
  } finally {
    zip.close();
  }
}

async function readDirectory(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MAX_ENTRIES) throw new Error(`it has ${zip.entryCount} entries`);
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const unixMode = entry.externalFileAttributes >>> 16;
    if ((unixMode & FILE_TYPE_MASK) === SYMBOLIC_LINK)
      throw new Error(`its entry "${entry.fileName}" is a link`);
    if (entries.has(entry.fileName)) throw new Error(`it has the entry "${entry.fileName}" twice`);
    entries.set(entry.fileName, entry);
  }
  return entries;
}
