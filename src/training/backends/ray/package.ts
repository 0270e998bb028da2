import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type AsyncZippable, zip } from 'fflate';
import { InvalidOptionError } from '../../../errors.ts';
import { sha256 } from '../../../internal/hash.ts';
import { checkUnchanged } from '../../job/check-job.ts';
import type { RenderedJob } from '../../job/training-job.ts';

/** Ray's limit: `GCS_STORAGE_MAX_SIZE` in `ray/_private/ray_constants.py`. */
const MAX_PACKAGE_BYTES = 100 * 2 ** 20;

/** Conversations compress to a fifth or less. A larger directory would not fit, so it is not even read into memory. */
const MAX_FOLDER_BYTES = 10 * MAX_PACKAGE_BYTES;

/** A fixed time stamp, the earliest that zip knows, so that equal directories give equal packages. */
const FIRST_DAY = new Date(1980, 0, 1);

/** A job's directory, zipped. */
export interface RayPackage {
  /** A hash of its content, as in Ray's own packages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const zipAll = promisify<AsyncZippable, { mtime: Date }, Uint8Array>(zip);

/**
 * Packs a job's directory as a zip file for Ray.
 *
 * @throws InvalidOptionError when it exceeds Ray's limit; InvalidFileError for data that changed since the job was made.
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
  const expected = `a package of at most ${mebibytes(MAX_PACKAGE_BYTES)}, zipped`;
  throw new InvalidOptionError('upload', expected, mebibytes(bytes), {
    hint: 'If this machine can write to the shared directory, set upload: "dir".',
  });
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
