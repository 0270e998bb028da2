import type { ChatModel, ChatRequest } from '../../src/models/chat-model.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

/** A text of about this many tokens, different for every seed. */
function chatter(seed: number, tokens: number): string {
  const words = [
    'honestly',
    'the',
    'weekend',
    'was',
    'rather',
    'long',
    'but',
    'my',
    'garden',
    'needs',
    'rain',
  ];
  let text = `Number ${seed}`;
  for (let at = seed; text.length < tokens * 4; at = (at * 7 + 3) % 1_000_003)
    text += ` ${words[at % words.length]}`;
  return `${text}.`;
}

/** Texts about as long as chat models write them in these roles. */
function answer({ seed = 0, outputSchema }: ChatRequest, role: string | undefined): string {
  const about = (tokens: number) => Math.round(tokens * (0.7 + (seed % 61) / 100));
  switch (role) {
    case 'role-player':
    case 'user':
      return chatter(seed, about(65));
    case 'preferred':
    case 'rejected':
      return chatter(seed, about(70));
    case 'candidate':
    case 'candidate:draft':
    case 'candidate:critique':
    case 'candidate:thoughts':
    case 'candidate:answer':
      return chatter(seed, about(135));
    case 'candidate:inference':
      return JSON.stringify({
        preferences: Array.from({ length: 6 }, (_, index) => chatter(seed + index, 14)),
      });
    case 'role-player-check':
      return JSON.stringify({ evidence: '', fault: 'none', statement: 'none' });
    case 'checklist': {
      const items = Array.from({ length: 6 }, (_, index) => `${chatter(seed + index, 16).slice(0, -1)}?`);
      return JSON.stringify({ items });
    }
    case 'judge':
    case 'judge:other':
      if (outputSchema!.name === 'answers')
        return JSON.stringify({ 1: 'yes', 2: 'no', 3: 'yes', 4: 'no', 5: 'no', 6: 'no' });
      return JSON.stringify({ rationale: chatter(seed, about(30)), score: 1 + (seed % 5) });
    case 'pair-judge':
      return JSON.stringify({ rationale: chatter(seed, about(28)), better: 'B', by: 1 + (seed % 3) });
    case 'preferred-picker':
    case 'rejected-picker': {
      const { rationale: _reason, ...letters } = (outputSchema!.schema as { properties: object })
        .properties as {
        readonly rationale: unknown;
      };
      const ratings = Object.keys(letters).map((letter) => [letter, 1 + (seed % 10)]);
      return JSON.stringify({ rationale: chatter(seed, about(28)), ...Object.fromEntries(ratings) });
    }
    case 'inducer': {
      const { properties } = outputSchema!.schema as {
        properties: { revealed: { items: { enum: string[] } } };
      };
      return JSON.stringify({ revealed: properties.revealed.items.enum.slice(0, seed % 3) });
    }
    default: {
      const entry = (index: number) =>
        Array.from({ length: 9 }, (_, at) => chatter(seed + 91 * index + at, 13));
      return JSON.stringify({ [outputSchema!.name]: Array.from({ length: 20 }, (_, index) => entry(index)) });
    }
  }
}

/** A model that counts 4 characters per token and 4 tokens per message. */
export function counting(id = 'scripted'): ChatModel {
  return scriptedModel(
    (request, { place }) => {
      const text = answer(request, place?.role.replace(/-\d+$/, ''));
      const input = request.messages.reduce((sum, { content }) => sum + content.length / 4 + 4, 0);
      return {
        text,
        usage: {
          inputTokens: Math.round(input),
          cachedInputTokens: 0,
          outputTokens: Math.round(text.length / 4),
        },
      };
    },
    { id },
  );
}
