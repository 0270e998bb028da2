import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FormData } from 'undici';
import { fileSha256 } from '../../internal/hash.ts';
import { checkUnchanged } from '../check-unchanged.ts';
import type { EngineApi } from '../engine-api.ts';
import type { TrainingFile, TrainingStage } from '../training-job.ts';
import { type HostedFile, writeHostedRows } from './hosted-rows.ts';
import { listAll, storedFile } from './hosted-wire.ts';

/** A stage's files as they are sent, on this machine for as long as they are needed. */
export interface HostedFiles {
  readonly train: HostedFile;
  readonly validation: HostedFile | undefined;
}

/**
 * Makes a stage's files in the shape of the API, and removes them when `use` has ended.
 *
 * @throws InvalidFileError for a row that is none, and for data that is not what it was when the job was made.
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

/** The service's id of a file: of the one that is there, by name and size, or of a new one. */
export async function uploadOnce(
  api: EngineApi,
  { name, bytes, path }: HostedFile,
  signal: AbortSignal | undefined,
): Promise<string> {
  for await (const file of listAll(api, storedFile, '/files', { query: { purpose: 'fine-tune' }, signal })) {
    if (file.filename === name && file.bytes === bytes && file.status !== 'error') return file.id;
  }
  const form = new FormData();
  form.set('purpose', 'fine-tune');
  // Read from disk as it is sent: such files may be larger than memory.
  form.set('file', await openAsBlob(path, { type: 'application/jsonl' }), name);
  const { id } = await api.read(storedFile, { method: 'POST', path: '/files', data: form, signal });
  return id;
}
