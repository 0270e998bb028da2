import { join } from 'node:path';
import { InvalidOptionError, MissingWeightsError } from '../errors.ts';
import { importOptional } from '../internal/import-optional.ts';
import { messageOf } from '../internal/message-of.ts';
import { orAborted } from '../internal/until-aborted.ts';
import { modelsDirectory } from '../weights/models-directory.ts';

/** Options of {@link pullGguf}. */
export interface PullGgufOptions {
  /**
   * Directory of the weights; models go to its subdirectory `gguf`. Default: `ALOE_MODELS_DIR`, else `aloe-align/models`
   * in the user's cache directory.
   */
  readonly modelsDir?: string | undefined;
  /** Only look for a file that was downloaded before, without any network access. Default false. */
  readonly offline?: boolean | undefined;
  /** Stops the download and removes unfinished files. The signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called during a download, with bytes. */
  readonly onProgress?:
    | ((progress: { readonly bytes: number; readonly totalBytes: number }) => void)
    | undefined;
}

/** Whether a text names a model on Hugging Face, as {@link pullGguf} reads it. */
export function isGgufUri(text: string): boolean {
  return text.startsWith('hf:');
}

/**
 * Downloads a GGUF model from Hugging Face, unless it was downloaded before. Uses the resolver of `node-llama-cpp`, an
 * optional peer package: it reads `HF_TOKEN` for gated models and `HF_ENDPOINT` for a mirror.
 *
 * @param uri `hf:owner/repository:quantisation`, or `hf:owner/repository/file.gguf`.
 * @returns the path of the file; for a model split into several files, of the first one.
 * @throws InvalidOptionError for any other text; MissingPackageError if `node-llama-cpp` is not installed;
 * MissingWeightsError if the model does not exist or cannot be downloaded.
 * @example
 * ```ts
 * const model = llamaCpp({ modelPath: await pullGguf('hf:Qwen/Qwen2.5-1.5B-Instruct-GGUF:Q4_K_M') });
 * ```
 */
export async function pullGguf(uri: string, options: PullGgufOptions = {}): Promise<string> {
  if (typeof uri !== 'string' || !isGgufUri(uri)) {
    throw new InvalidOptionError('uri', 'hf:owner/repository:quantisation', uri);
  }
  const { offline = false, signal, onProgress } = options;
  const directory = join(modelsDirectory(options), 'gguf');
  const { resolveModelFile } = await importOptional<typeof import('node-llama-cpp')>(
    'node-llama-cpp',
    'pullGguf()',
  );
  try {
    const present = resolveModelFile(uri, { directory, download: false, cli: false });
    if (offline) return await present;
    const found = await present.catch(() => null);
    if (found !== null) return found;
    await reachHub(signal);
    const download = resolveModelFile(uri, {
      directory,
      cli: false,
      onProgress: ({ downloadedSize, totalSize }) =>
        onProgress?.({ bytes: downloadedSize, totalBytes: totalSize }),
      ...(signal !== undefined && { signal }),
    });
    return await orAborted(download, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new MissingWeightsError(`Cannot get the model "${uri}" (${messageOf(cause)}).`, {
      hint: offline
        ? 'Leave out offline to download it.'
        : 'Check its name and quantisation, and that huggingface.co can be reached. A gated model needs HF_TOKEN. Or download the GGUF file in another way, and pass its path.',
      cause,
    });
  }
}

const HUB_TIMEOUT_MS = 15_000;

/**
 * Fails at once if the hub cannot be reached: the downloader would try again for many minutes, and not stop on an abort.
 */
async function reachHub(signal: AbortSignal | undefined): Promise<void> {
  const { MODEL_ENDPOINT, HF_ENDPOINT } = process.env;
  const hub = MODEL_ENDPOINT || HF_ENDPOINT || 'https://huggingface.co';
  const timeout = AbortSignal.timeout(HUB_TIMEOUT_MS);
  try {
    await fetch(hub, {
      method: 'HEAD',
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (cause) {
    throw new Error(`${hub} cannot be reached`, { cause });
  }
}
