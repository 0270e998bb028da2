import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { canonicalJson, fileSha256, sha256 } from '../internal/hash.ts';

/** Of configs, tokenizers and templates, and of a tiny model's weights, the bytes are read: that takes a moment. */
const READ_BYTES = 64 << 20;

/**
 * What lies in the folder of a base model, so that one that was changed in place is another base; undefined where
 * `base` is no folder of this machine: a name of a hub, or a path that only the engine sees.
 *
 * Large files, which are weights, are known by size and time of change: to read them would take minutes whenever a job
 * is shown or submitted, and one that was copied anew is trained on once too often rather than not at all.
 */
export async function folderDigest(base: string): Promise<string | undefined> {
  if (!isAbsolute(base)) return undefined;
  const folder = await stat(base).catch(() => null);
  if (!folder?.isDirectory()) return undefined;
  const files: Record<string, string> = {};
  // Models are loaded from what lies in the folder itself. Hidden files are notes of those who fetched it.
  for (const name of (await readdir(base)).filter((entry) => !entry.startsWith('.'))) {
    const path = join(base, name);
    const stats = await stat(path);
    if (!stats.isFile()) continue;
    files[name] = stats.size > READ_BYTES ? `${stats.size} ${stats.mtimeMs}` : await fileSha256(path);
  }
  return sha256(canonicalJson(files));
}
