import type { CallPlace } from './place.ts';

/** What the prompt of a call has in common with others of its task: {@link CallPlace.prompt}, or its default. */
export function promptOf({ subject, role, prompt }: CallPlace): string {
  return prompt ?? `${subject}/${role}`;
}

/** One text for all calls whose prompts extend each other. It names the place and holds no word of the prompt. */
export function promptKey(place: CallPlace): string {
  return JSON.stringify([place.task, promptOf(place)]);
}
