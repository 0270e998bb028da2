import type { CallOptions, ChatModel, ChatRequest, Usage } from '../models/chat-model.ts';
import { fillSchema } from './fill-schema.ts';
import type { PrefixCaching, ReplyLengths, Scenario } from './scenario.ts';

const CHARACTERS_PER_TOKEN = 4;
/** For the role and the delimiters in a chat template. */
const TOKENS_PER_MESSAGE = 4;

/** Enough for the text's number and the first word of the filler. */
const FEWEST_CHARACTERS = 16;

/** Whether a stand-in wrote a text. */
export function isFiller(text: string): boolean {
  return text.includes(' lorem');
}

const LENGTH_OF_ROLE: Readonly<Record<string, keyof ReplyLengths>> = {
  'role-player': 'userMessage',
  user: 'userMessage',
  preferred: 'response',
  rejected: 'response',
};

/**
 * Stands in for a model, without a network. It writes texts of plausible length that pass the library's checks, and JSON
 * of the requested shape. A share of its replies is empty, so that the caller asks again.
 */
export function standInModel(id: string, scenario: Scenario): ChatModel {
  const { lengths, askedAgainShare, found, caching } = scenario;
  const cached = prefixCache(caching);
  let texts = 0;
  let owed = 1 / 2;

  /** A text of this length, different from all others. */
  function text(tokens: number, end: '.' | '?'): string {
    texts += 1;
    const characters = Math.max(FEWEST_CHARACTERS, Math.round(tokens * CHARACTERS_PER_TOKEN));
    const own = `Z${spell(texts)} `;
    // Its own word comes again and again, so that no two texts share a row of words.
    return `${own.padEnd(characters, `lorem ipsum ${own}`).slice(0, characters - 1)}${end}`;
  }

  function askedAgain(): boolean {
    owed += askedAgainShare;
    if (owed < 1) return false;
    owed -= 1;
    return true;
  }

  function reply({ outputSchema, maxOutputTokens = Infinity }: ChatRequest, { place }: CallOptions): string {
    // `preferred-2` is the second of the responses that the preferred one is picked from.
    const length = LENGTH_OF_ROLE[place?.role.replace(/-\d+$/, '') ?? ''];
    // A candidate is not asked again: an empty response counts as its response.
    if ((outputSchema !== undefined || length !== undefined) && askedAgain()) return '';
    if (outputSchema === undefined) {
      return text(Math.min(lengths[length ?? 'candidateResponse'], maxOutputTokens), '.');
    }
    const filling = {
      sentence: () => text(lengths.sentence, '.'),
      listItem: () => text(lengths.listItem, '?'),
      found,
    };
    return JSON.stringify(fillSchema(outputSchema.schema, filling));
  }

  return {
    id,
    // Not paced.
    free: true,
    async generate(request, options = {}) {
      options.signal?.throwIfAborted();
      const answer = reply(request, options);
      return { text: answer, finishReason: 'stop', usage: usageOf(request, answer, cached) };
    },
  };
}

function usageOf(
  { messages, maxOutputTokens = Infinity }: ChatRequest,
  answer: string,
  cached: (sent: string) => number,
): Usage {
  const sent = messages
    .map(({ content }) => content.padEnd(content.length + TOKENS_PER_MESSAGE * CHARACTERS_PER_TOKEN))
    .join('');
  return {
    inputTokens: Math.round(sent.length / CHARACTERS_PER_TOKEN),
    cachedInputTokens: cached(sent),
    outputTokens: Math.min(Math.round(answer.length / CHARACTERS_PER_TOKEN), maxOutputTokens),
  };
}

/** Counts the tokens of each text that a provider would have cached from earlier ones. */
function prefixCache(caching: PrefixCaching | null): (sent: string) => number {
  const seen = new Set<string>();
  return (sent) => {
    let cached = 0;
    if (caching === null) return cached;
    for (let tokens = caching.fromTokens; ; tokens += caching.stepTokens) {
      const characters = tokens * CHARACTERS_PER_TOKEN;
      if (characters > sent.length) return cached;
      const prefix = sent.slice(0, characters);
      if (seen.has(prefix)) cached = tokens;
      else seen.add(prefix);
    }
  };
}

/** A number in letters, since the checks of user messages read digits as facts. */
function spell(number: number): string {
  return [...number.toString(26)]
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))
    .join('');
}
