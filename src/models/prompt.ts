import type { Message } from '../messages.ts';

/**
 * A prompt: a pure function of its variables, with a name and a version that go into the provenance of what is
 * made with it. Replace one by an object of the same shape with an id of your own.
 */
export interface Prompt<Variables> {
  readonly id: string;
  /** Goes up whenever the words change. */
  readonly version: number;
  messages(variables: Variables): Message[];
}

/** `id@version`, as provenance records it. */
export function promptName(prompt: { readonly id: string; readonly version: number }): string {
  return `${prompt.id}@${prompt.version}`;
}
