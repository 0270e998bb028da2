import * as z from 'zod';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { type Prompt, promptName } from './prompt.ts';

/** A prompt as a result records it. If two locked prompts are equal, the prompts have the same text. */
export interface LockedPrompt {
  /** `id@version`. */
  readonly name: string;
  /** Hash of the messages built from example variables. Reveals a changed text even if the name stayed the same. */
  readonly sha256: string;
}

/** Schema of a {@link LockedPrompt}. */
export const lockedPromptSchema: z.ZodType<LockedPrompt> = z.object({
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Records a prompt's name and a hash of the messages it builds from these example variables. */
export function lockPrompt<Variables>(
  prompt: Prompt<Variables>,
  ...examples: readonly Variables[]
): LockedPrompt {
  const messages = examples.map((variables) => prompt.messages(variables));
  return { name: promptName(prompt), sha256: sha256(canonicalJson(messages)) };
}
