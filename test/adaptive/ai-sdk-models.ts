import { MockLanguageModelV4 } from 'ai/test';

type Generated = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>;
type Streamed = Awaited<ReturnType<MockLanguageModelV4['doStream']>>;
type StreamPart = Streamed['stream'] extends ReadableStream<infer Part> ? Part : never;
export type CallOptions = Parameters<MockLanguageModelV4['doGenerate']>[0];
export type Content = Generated['content'];

const USAGE: Generated['usage'] = {
  inputTokens: { total: 10, noCache: 8, cacheRead: 2, cacheWrite: undefined },
  outputTokens: { total: 3, text: 3, reasoning: undefined },
};

const isInference = ({ responseFormat }: CallOptions): boolean =>
  responseFormat?.type === 'json' && responseFormat.name === 'preferences';

/** An AI SDK model: one function answers inferences, the other writes replies, given how many there were before. */
export function sdkModel(
  infer: (params: CallOptions) => readonly string[],
  reply: (index: number) => Content = () => [{ type: 'text', text: 'A reply.' }],
  provider = 'mock',
): MockLanguageModelV4 {
  let replies = 0;
  const answer = (params: CallOptions): Content =>
    isInference(params)
      ? [{ type: 'text', text: JSON.stringify({ preferences: infer(params) }) }]
      : reply(replies++);
  return new MockLanguageModelV4({
    provider,
    modelId: 'tiny',
    doGenerate: async (params) => {
      const content = answer(params);
      return { content, finishReason: finish(content), usage: USAGE, warnings: [] };
    },
    doStream: async (params) => {
      const content = answer(params);
      const parts: StreamPart[] = [
        { type: 'stream-start', warnings: [] },
        ...content.flatMap(streamed),
        { type: 'finish', finishReason: finish(content), usage: USAGE },
      ];
      return { stream: ReadableStream.from(parts) };
    },
  });
}

/** An AI SDK model that always gives the same. */
export function sdkReply(
  content: Content,
  unified: Generated['finishReason']['unified'],
): MockLanguageModelV4 {
  const finishReason = { unified, raw: undefined };
  return new MockLanguageModelV4({ doGenerate: { content, finishReason, usage: USAGE, warnings: [] } });
}

function finish(content: Content): Generated['finishReason'] {
  return {
    unified: content.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'stop',
    raw: undefined,
  };
}

/** A text in two chunks; anything else as it is. */
function streamed(part: Content[number]): StreamPart[] {
  if (part.type === 'tool-call') return [part];
  if (part.type !== 'text') throw new Error(`No ${part.type} in these tests.`);
  const half = Math.ceil(part.text.length / 2);
  return [
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: part.text.slice(0, half) },
    { type: 'text-delta', id: 't', delta: part.text.slice(half) },
    { type: 'text-end', id: 't' },
  ];
}

/** All calls of a model, streamed or not, that were no inference. */
export const replyCalls = (model: MockLanguageModelV4): CallOptions[] =>
  [...model.doGenerateCalls, ...model.doStreamCalls].filter((params) => !isInference(params));
export const inferenceCalls = (model: MockLanguageModelV4): CallOptions[] =>
  model.doGenerateCalls.filter(isInference);
/** What an inference was asked, as one text. */
export const asked = (params: CallOptions): string => JSON.stringify(params.prompt.at(-1)!.content);
