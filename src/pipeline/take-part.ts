import { evaluate } from './evaluate.ts';
import { growPersonas, pickPersonas, readPool } from './grow-personas.ts';
import type { Pipeline, PipelinePart } from './pipeline.ts';
import { playConversations } from './simulate.ts';

/**
 * Takes part in a pipeline that other processes of its run work on: persona pool, conversations, evaluations. It exports
 * nothing.
 *
 * @param parts What the pipeline does, as the process that began it opened it.
 */
export async function takePart(pipeline: Pipeline, parts: readonly PipelinePart[]): Promise<void> {
  const pool = parts.includes('personas') ? await growPersonas(pipeline) : undefined;
  if (parts.includes('preferred')) {
    const personas = pickPersonas(pipeline, pool ?? (await readPool(pipeline)));
    // The results matter to the process that writes files.
    for await (const _tree of playConversations(pipeline, personas));
  }
  if (parts.includes('candidates')) {
    for await (const _evaluation of evaluate(pipeline));
  }
}
