import { pathToFileURL } from 'node:url';
import type * as Hub from '@huggingface/hub';
import * as z from 'zod';
import { InvalidOptionError, TrainingError } from '../../../errors.ts';
import { fileSha256 } from '../../../internal/hash.ts';
import { importOptional } from '../../../internal/import-optional.ts';
import { shortened } from '../../../models/call-failures.ts';
import { redact } from '../../../redact.ts';
import { checkUnchanged } from '../../job/check-job.ts';
import type { EngineApi } from '../engine-api.ts';
import type { HubFolder } from './folder.ts';
import { hubTree, repoPath } from './wire.ts';

/** The data repository, and who may write to it. */
export interface DataRepo {
  readonly repo: string;
  readonly hubUrl: string;
  readonly token: string;
}

const repoInfo = z.object({ private: z.boolean().nullish() });

/**
 * Whether the data repository is there.
 *
 * @throws InvalidOptionError when it is public: conversations would be.
 */
export async function hasPrivateRepo(
  api: EngineApi,
  repo: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const response = await api.call({ method: 'GET', path: repoPath('datasets', repo), signal });
  // Without the right to see it, it looks as if it were not there.
  if (response.status === 404 || response.status === 401) return false;
  if (api.parse(repoInfo, response).private === true) return true;
  throw new InvalidOptionError('dataRepo', 'a private repository, since it gets conversations', repo);
}

/** Uploads a job's directory as one commit, unless it is there. The repository is created, private, if need be. */
export async function uploadFolder(
  api: EngineApi,
  folder: HubFolder,
  { repo: name, hubUrl, token: accessToken }: DataRepo,
  signal: AbortSignal | undefined,
): Promise<void> {
  const isRepoThere = await hasPrivateRepo(api, name, signal);
  if (isRepoThere && (await hasFolder(api, name, folder.key, signal))) return;
  for (const input of Object.values(folder.inputs))
    checkUnchanged(input, await fileSha256(input.path, signal));
  const hub = await importOptional<typeof Hub>('@huggingface/hub', 'huggingFaceJobs()');
  const repo = { type: 'dataset', name } as const;
  const to = { repo, hubUrl, accessToken };
  try {
    if (!isRepoThere) await hub.createRepo({ ...to, visibility: 'private' }).catch(unlessThere);
    signal?.throwIfAborted();
    await hub.uploadFiles({
      ...to,
      commitTitle: `Job ${folder.key}`,
      abortSignal: signal,
      files: [
        ...Object.entries(folder.files).map(([path, text]) => ({ path, content: new Blob([text]) })),
        ...Object.entries(folder.inputs).map(([path, file]) => ({ path, content: pathToFileURL(file.path) })),
      ].map(({ path, content }) => ({ path: `${folder.key}/${path}`, content })),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const { statusCode, message } = error as Error & { readonly statusCode?: number };
    const isForbidden = statusCode === 401 || statusCode === 403;
    throw new TrainingError(api.backend, `datasets/${name}: ${shortened(redact(message))}`, {
      cause: error,
      ...(isForbidden && { hint: 'Check that the token may write to this repository.' }),
    });
  }
}

async function hasFolder(
  api: EngineApi,
  repo: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const path = repoPath('datasets', repo, `/tree/main/${key}`);
  const response = await api.call({ method: 'GET', path, signal });
  return response.status === 404 ? false : api.parse(hubTree, response).length > 0;
}

/** Another process created it first. */
function unlessThere(error: unknown): void {
  if ((error as { readonly statusCode?: number }).statusCode !== 409) throw error;
}
