import type { CallOptions, ChatModel, ChatRequest, ChatResponse } from '../models/chat-model.ts';

/** One answer of a scripted model: a text, a response (missing parts are filled in), or an error to throw. */
export type ScriptedReply = string | Partial<ChatResponse> | Error;

/** The same reply for every call, a list of replies in order (the last one repeats), or a function. Calls count from 0. */
export type Script =
  | ScriptedReply
  | readonly ScriptedReply[]
  | ((
      request: ChatRequest,
      options: CallOptions,
      callNumber: number,
    ) => ScriptedReply | Promise<ScriptedReply>);

/** The model that {@link scriptedModel} makes. */
export interface ScriptedModel extends ChatModel {
  /** Every call so far, in order. */
  readonly calls: readonly { readonly request: ChatRequest; readonly options: CallOptions }[];
}

/**
 * A model that answers from a script, for tests, without network or weights. Its token counts are word counts.
 *
 * @param options.id Id of the model. Default `scripted`.
 *
 * @example
 * ```ts
 * import { scriptedModel } from 'aloe-align/testing';
 *
 * const model = scriptedModel(['First answer.', new Error('Second call fails.'), 'All later answers.']);
 * ```
 */
export function scriptedModel(script: Script, options: { readonly id?: string } = {}): ScriptedModel {
  const calls: { request: ChatRequest; options: CallOptions }[] = [];
  return {
    id: options.id ?? 'scripted',
    calls,
    async generate(request, callOptions = {}) {
      callOptions.signal?.throwIfAborted();
      const callNumber = calls.length;
      calls.push({ request, options: callOptions });
      const reply = await pick(script, request, callOptions, callNumber);
      callOptions.signal?.throwIfAborted();
      if (reply instanceof Error) throw reply;
      const response = typeof reply === 'string' ? { text: reply } : reply;
      const text = response.text ?? '';
      return {
        text,
        finishReason: response.finishReason ?? 'stop',
        usage: response.usage ?? {
          inputTokens: request.messages.reduce((sum, message) => sum + countWords(message.content), 0),
          cachedInputTokens: 0,
          outputTokens: countWords(text),
        },
        ...(response.served && { served: response.served }),
        ...(response.rateLimit && { rateLimit: response.rateLimit }),
      };
    },
  };
}

async function pick(
  script: Script,
  request: ChatRequest,
  options: CallOptions,
  callNumber: number,
): Promise<ScriptedReply> {
  if (typeof script === 'function') return script(request, options, callNumber);
  if (!isList(script)) return script;
  const reply = script[Math.min(callNumber, script.length - 1)];
  return reply ?? new Error('The scripted model has an empty list of replies.');
}

function isList(script: Script): script is readonly ScriptedReply[] {
  return Array.isArray(script);
}

function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}
