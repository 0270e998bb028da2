import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPackage } from '../internal/find-package.ts';

/** The part of `onnxruntime-node` that is used here. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: string, data: ArrayBufferView, dims: readonly number[]) => object;
}

export interface OnnxSession {
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, { readonly data: unknown }>>>;
}

const PACKAGE = 'onnxruntime-node';

/** They depend on it. Some package managers install it where only they find it. */
const DEPENDENTS = ['@huggingface/transformers', '@xenova/transformers'];

/**
 * The onnxruntime beside this library or in the user's project, else the one of a transformers library.
 *
 * @param folders Where to look, and in the folders above. Default: that of this file, and the current one.
 * @returns null if there is none, or none loads: it is not built for every system, and native code can be forbidden.
 */
export async function loadOnnxRuntime(
  folders: readonly string[] = [dirname(fileURLToPath(import.meta.url)), process.cwd()],
): Promise<OnnxRuntime | null> {
  for (const url of new Set(folders.flatMap(candidates))) {
    try {
      const module = (await import(url)) as { readonly default: OnnxRuntime };
      return module.default;
    } catch {
      // The next one may load.
    }
  }
  return null;
}

function candidates(folder: string): string[] {
  const own = findPackage(PACKAGE, folder);
  const others = DEPENDENTS.map((dependent) => {
    const entry = findPackage(dependent, folder);
    // A link leads to the place beside which its dependencies are.
    return entry === null ? null : findPackage(PACKAGE, dirname(realpathSync(fileURLToPath(entry))));
  });
  return [own, ...others].filter((url) => url !== null);
}
