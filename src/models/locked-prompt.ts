import * as z from 'zod';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { type Prompt, promptName } from './prompt.ts';

/** A prompt as a result records it: two that are alike asked with the same words. */
export interface LockedPrompt {
  /** `id@version`. */
  readonly name: string;
  /** Of the messages it makes for made-up variables, so that changed words show under an old name too. */
  readonly sha256: string;
}

export const lockedPromptSchema: z.ZodType<LockedPrompt> = z.object({
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Names and hashes a prompt by what it makes of these variables. */
export function lockPrompt<Variables>(
  prompt: Prompt<Variables>,
  ...examples: readonly Variables[]
): LockedPrompt {
  const messages = examples.map((variables) => prompt.messages(variables));
  return { name: promptName(prompt), sha256: sha256(canonicalJson(messages)) };
}
