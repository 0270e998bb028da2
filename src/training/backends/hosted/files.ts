import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FormData } from 'undici';
import { fileSha256 } from '../../../internal/hash.ts';
import { checkUnchanged } from '../../job/check-job.ts';
import type { TrainingFile, TrainingStage } from '../../job/training-job.ts';
import type { EngineApi } from '../engine-api.ts';
import { type HostedFile, writeHostedRows } from './rows.ts';
import { type StoredFile, storedFile } from './wire.ts';

/** A stage's files in the service's format, in a temporary directory. */
export interface HostedFiles {
  readonly train: HostedFile;
  readonly validation: HostedFile | undefined;
}

/**
 * Converts a stage's files to the service's format, and deletes them when `use` has finished.
 *
 * @throws InvalidFileError for an invalid row, or data that changed since the job was made.
 */
export async function withHostedFiles<Result>(
  { method, train, validation }: TrainingStage,
  signal: AbortSignal | undefined,
  use: (files: HostedFiles) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'aloe-hosted-'));
  async function make(file: TrainingFile, name: string): Promise<HostedFile> {
    checkUnchanged(file, await fileSha256(file.path, signal));
    return writeHostedRows(file.path, method, join(folder, name));
  }
  try {
    return await use({
      train: await make(train, 'train.jsonl'),
      validation: validation && (await make(validation, 'validation.jsonl')),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The uploads as a preview shows them. */
export function describeUploads(
  api: EngineApi,
  path: string,
  { train, validation }: HostedFiles,
): readonly string[] {
  return (validation === undefined ? [train] : [train, validation]).map(
    ({ name, rows, bytes }) =>
      `POST ${api.locate({ path })} (${name}: ${rows} rows, ${bytes} bytes; skipped if already uploaded)`,
  );
}

/** The files of a request as a preview shows them, by name: the service's ids are not known yet. */
export function fileNames({ train, validation }: HostedFiles): object {
  return { training_file: train.name, ...(validation && { validation_file: validation.name }) };
}

/** The files of a request, once uploaded. */
export async function uploadAll(
  { train, validation }: HostedFiles,
  upload: (file: HostedFile) => Promise<string>,
): Promise<object> {
  return {
    training_file: await upload(train),
    ...(validation && { validation_file: await upload(validation) }),
  };
}

/** Where a service keeps files, and the form fields it wants besides the file. */
export interface FileRoute {
  /** All stored files, in any order. */
  readonly stored: AsyncIterable<StoredFile> | Iterable<StoredFile>;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Uploads a file, unless one with its name and size is there. @returns the service's id for it. */
export async function uploadOnce(
  api: EngineApi,
  { name, bytes, path }: HostedFile,
  route: FileRoute,
  signal: AbortSignal | undefined,
): Promise<string> {
  for await (const file of route.stored) {
    if (file.filename === name && file.bytes === bytes && file.status !== 'error') return file.id;
  }
  const form = new FormData();
  for (const [field, value] of Object.entries(route.fields)) form.set(field, value);
  // Streamed from disk: such files may be larger than memory.
  form.set('file', await openAsBlob(path, { type: 'application/jsonl' }), name);
  const { id } = await api.read(storedFile, { method: 'POST', path: route.path, data: form, signal });
  return id;
}
