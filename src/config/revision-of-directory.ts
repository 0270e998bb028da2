import { isThisMachine } from '../http/this-machine.ts';
import { weightsRevision } from '../models/weights-revision.ts';

/**
 * A revision for a model that a server on this machine serves from a directory, under the directory's path as its name, as
 * `transformers serve` and `vllm serve` do. It changes when the weights do. Undefined for all other models.
 */
export function revisionOfDirectory(model: string, baseUrl: string | undefined): string | undefined {
  const url = baseUrl ?? process.env.OPENAI_BASE_URL ?? '';
  if (!URL.canParse(url) || !isThisMachine(new URL(url).hostname)) return undefined;
  return weightsRevision(model);
}
