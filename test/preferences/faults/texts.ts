import { assistant, type Message, user } from '../../../src/messages.ts';
import type { TrainedTexts } from '../../../src/preferences/faults/text-check.ts';

/** What a user says, and what the two sides answer. */
export function texts(
  said: string | readonly string[],
  preferred: string,
  rejected: string | null = null,
): TrainedTexts {
  const conversation: Message[] = [said]
    .flat()
    .map((content, index) => (index % 2 === 0 ? user(content) : assistant(content)));
  return { conversation, preferred, rejected };
}
