import { openaiCompatible } from '../../models/openai-compatible.ts';
import type { ServedWeights } from './lazy-model.ts';
import { type ServeModelOptions, serveModel } from './serve-model.ts';

/** Serves a directory of complete weights. */
export type OpenWeights = (
  dir: string,
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<ServedWeights>;

/** {@link serveModel}, as a way to open weights. */
export function openServed(options: Omit<ServeModelOptions, 'signal'>): OpenWeights {
  return async (dir, { signal }) => {
    const served = await serveModel(dir, { ...options, signal });
    const { model, baseUrl, revision } = served;
    return { model: openaiCompatible(model, { baseUrl, revision }), close: served.close };
  };
}
