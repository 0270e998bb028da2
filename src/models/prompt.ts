import type { Message } from '../messages.ts';

/**
 * A pure function from variables to messages, with an id and a version that go into the provenance of everything made
 * with it. To replace a prompt, pass an object of the same shape with your own id.
 */
export interface Prompt<Variables> {
  /** Names the prompt in provenance and in an evaluation's lock. */
  readonly id: string;
  /** Increases with every change of the text. */
  readonly version: number;
  /** Builds the messages. The same variables must always give the same messages. */
  messages(variables: Variables): Message[];
}

/** A prompt's name in provenance, `id@version`. */
export function promptName(prompt: { readonly id: string; readonly version: number }): string {
  return `${prompt.id}@${prompt.version}`;
}
