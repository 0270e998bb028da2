import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type AsyncZippable, zip } from 'fflate';
import { InvalidOptionError } from '../../errors.ts';
import { sha256 } from '../../internal/hash.ts';
import { checkUnchanged } from '../check-unchanged.ts';
import type { RenderedJob } from '../training-job.ts';

/** What Ray takes at most: `GCS_STORAGE_MAX_SIZE` in `ray/_private/ray_constants.py`. */
const MAX_PACKAGE_BYTES = 100 * 2 ** 20;

/** Conversations shrink to a fifth or less; what is beyond this would not fit, and is not read into memory. */
const MAX_FOLDER_BYTES = 10 * MAX_PACKAGE_BYTES;

/** Zip has no time zone; the first day it knows makes equal folders equal packages. */
const FIRST_DAY = new Date(1980, 0, 1);

export interface RayPackage {
  /** Named by its content, as Ray does it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const zipAll = promisify<AsyncZippable, { mtime: Date }, Uint8Array>(zip);

/**
 * A job's folder as a package for Ray.
 *
 * @throws InvalidOptionError when it is larger than Ray takes; InvalidFileError for data that is not what it was when
 * the job was made.
 */
export async function packFolder(job: RenderedJob): Promise<RayPackage> {
  const inputs = Object.entries(job.inputs);
  const sizes = await Promise.all(inputs.map(async ([, { path }]) => (await stat(path)).size));
  checkSize(
    sizes.reduce((sum, size) => sum + size, 0),
    MAX_FOLDER_BYTES,
  );
  const contents: AsyncZippable = {};
  for (const [path, text] of Object.entries(job.files)) contents[path] = Buffer.from(text);
  for (const [path, input] of inputs) {
    const bytes = await readFile(input.path);
    checkUnchanged(input, sha256(bytes));
    contents[path] = bytes;
  }
  const bytes = await zipAll(contents, { mtime: FIRST_DAY });
  checkSize(bytes.length, MAX_PACKAGE_BYTES);
  return { name: `_ray_pkg_${sha256(bytes).slice(0, 32)}.zip`, bytes };
}

function checkSize(bytes: number, most: number): void {
  if (bytes <= most) return;
  const expected = `data for a package of at most ${mebibytes(MAX_PACKAGE_BYTES)}, zipped`;
  throw new InvalidOptionError('upload', expected, mebibytes(bytes), {
    hint: 'Where this machine sees the storage folder too, give upload: "storage".',
  });
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
