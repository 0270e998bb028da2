import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { canonicalJson, fileSha256, sha256 } from '../../internal/hash.ts';

/** Files up to this size are hashed: configs, tokenizers, templates, and the weights of tiny models. */
const READ_BYTES = 64 << 20;

/**
 * A digest of a base model's directory, so that a model changed in place counts as another one. Undefined if `base` is
 * not a directory on this machine: it is a name on a hub, or a path that only the engine sees.
 *
 * Larger files (weights) are identified by size and modification time. Hashing them would take minutes at every preview
 * and submission. A fresh copy may then be trained on again, which is safer than skipping a changed model.
 */
export async function folderDigest(base: string): Promise<string | undefined> {
  if (!isAbsolute(base)) return undefined;
  const folder = await stat(base).catch(() => null);
  if (!folder?.isDirectory()) return undefined;
  const files: Record<string, string> = {};
  // Models load from the top level only. Hidden files are notes left by download tools.
  for (const name of (await readdir(base)).filter((entry) => !entry.startsWith('.'))) {
    const path = join(base, name);
    const stats = await stat(path);
    if (!stats.isFile()) continue;
    files[name] = stats.size > READ_BYTES ? `${stats.size} ${stats.mtimeMs}` : await fileSha256(path);
  }
  return sha256(canonicalJson(files));
}
