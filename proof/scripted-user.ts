import type { ChatModel, ChatRequest } from '../src/index.ts';
import { childSeed, sample, seededRandom } from '../src/internal/random.ts';
import type { PersonaRule } from '../src/rules.ts';
import { scriptedModel } from '../src/testing/index.ts';
import { CUES, mannerOf } from './cues.ts';

/**
 * The scripted people of the proof. Each message is about the fact that the steered role-player prompt asks for, and each turn
 * shows one more preference, in that person's words, until all are shown. The order differs per person: if it were the
 * same for all, the turn number would give the preference away.
 *
 * It reads the same prompt as a model would. `statements` says which statements of a persona are preferences.
 */
export function scriptedUser(
  statements: ReadonlyMap<string, PersonaRule>,
  words: 'training' | 'evaluation',
): ChatModel {
  return scriptedModel(
    (request, { place }) => {
      const shown = [...statements].filter(([text]) => systemText(request).includes(text));
      const order = sample(shown, shown.length, seededRandom(childSeed(0, systemText(request))));
      const preference = order[(place?.turn ?? 1) - 1]?.[1];
      const fact = /Write about this: (.+)\.$/.exec(request.messages.at(-1)!.content)?.[1] ?? 'nothing new';
      const topic = `About me: ${fact.charAt(0).toLowerCase()}${fact.slice(1)}.`;
      if (preference === undefined) return topic;
      const cues = CUES[mannerOf(preference)][words];
      return `${topic} ${cues[(request.seed ?? 0) % cues.length]}`;
    },
    { id: `scripted-user@2:${words}` },
  );
}

function systemText({ messages }: ChatRequest): string {
  return messages[0]?.role === 'system' ? messages[0].content : '';
}
