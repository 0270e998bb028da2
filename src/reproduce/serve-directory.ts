import { openaiCompatible } from '../models/openai-compatible.ts';
import { type ServeModelOptions, serveModel } from '../training/serving/serve-model.ts';
import type { ServeDirectory } from './base-model.ts';

/** Serves directories with `serveModel()`. */
export function serveWith(options: Pick<ServeModelOptions, 'command' | 'python'>): ServeDirectory {
  return async (directory, signal) => {
    const served = await serveModel(directory, { ...options, signal });
    const { model, baseUrl, revision } = served;
    return { model: openaiCompatible(model, { baseUrl, revision }), close: () => served.close() };
  };
}
