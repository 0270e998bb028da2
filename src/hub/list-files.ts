import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { readJsonFile } from '../internal/json-file.ts';
import { preferenceManifestSchema } from '../preferences/manifest.ts';

/** A file to push. */
export interface HubFile {
  /** Path in the repository, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** What a training leaves beside the model: states to resume from, and settings as a pickle, which can hold a token. */
const NOT_THE_MODEL =
  /^(?:checkpoint-\d+|runs|optimizer\.\w+|scheduler\.\w+|rng_state.*|training_args\.bin|trainer_state\.json)$/;

/**
 * The files of an export: those that its manifest names, and the manifest.
 *
 * @throws InvalidFileError if there is no manifest, or a file is missing or has changed since the export.
 */
export async function listDataset(dir: string): Promise<HubFile[]> {
  const { files, companions } = await readJsonFile(join(dir, 'manifest.json'), preferenceManifestSchema, {
    what: 'the manifest of an export',
    hint: 'Pass a directory that PreferenceExporter has written.',
  });
  const listed: HubFile[] = [];
  for (const { name, sha256 } of [...files, ...companions]) {
    const path = join(dir, name);
    if (name.split(/[/\\]/).includes('..')) throw new InvalidFileError(path, 'is outside of the directory.');
    // The card is for people to improve.
    if (name !== 'README.md' && (await sumOf(path)) !== sha256) {
      throw new InvalidFileError(path, 'is missing or has changed since the export.', {
        hint: 'Export again, so that the manifest describes what is pushed.',
      });
    }
    listed.push(...(await regularFile(dir, name)));
  }
  return [...listed, ...(await regularFile(dir, 'manifest.json'))];
}

/**
 * The files of a model: all but hidden ones, links, and what is only for resuming the training.
 *
 * @throws InvalidOptionError if the directory has neither `config.json` nor `adapter_config.json`.
 */
export async function listModel(dir: string): Promise<HubFile[]> {
  const entries = await readdir(dir, { recursive: true }).catch(() => []);
  const paths = entries
    .map((entry) => entry.replaceAll(sep, '/'))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.') || NOT_THE_MODEL.test(part)));
  if (!paths.includes('config.json') && !paths.includes('adapter_config.json')) {
    const expected = 'a directory with a model (config.json) or an adapter (adapter_config.json)';
    throw new InvalidOptionError('dir', expected, dir);
  }
  return (await Promise.all(paths.sort().map((path) => regularFile(dir, path)))).flat();
}

/** Nothing if it is no file, or a link on the way to it leads elsewhere. */
async function regularFile(dir: string, path: string): Promise<HubFile[]> {
  const real = await realpath(join(dir, path)).catch(() => null);
  if (real !== join(await realpath(dir), path)) return [];
  const stats = await lstat(real);
  return stats.isFile() ? [{ path, bytes: stats.size }] : [];
}

async function sumOf(path: string): Promise<string | null> {
  return fileSha256(path).catch(() => null);
}
