import { InvalidOptionError } from '../../errors.ts';
import { orAborted } from '../../internal/until-aborted.ts';
import { callKey } from '../../models/call-key.ts';
import type { CallOptions, ChatModel, ChatRequest, ChatResponse } from '../../models/chat-model.ts';
import { cutReply } from '../../models/cut-reply.ts';
import { type CallPlace, formatPlace } from '../../models/place.ts';
import { servedIdentity } from '../../models/served-identity.ts';
import type { Claim, RunJournal } from '../run-store.ts';
import type { SpentOn } from '../spending/spent-on.ts';

/** Options of {@link journaled}. */
export interface JournaledOptions {
  readonly journal: RunJournal;
  /** What a call cost, and where it is booked. Default: what the model reports, under its id. */
  readonly spentOn?: SpentOn | undefined;
  /** Shared by the models of a run, so that identical calls are sent once. Default: not shared. */
  readonly inFlight?: CallsInFlight | undefined;
  /** Called when the journal answers. */
  readonly onReplay?: ((response: ChatResponse, place: CallPlace | undefined) => void) | undefined;
  /**
   * Runs a call once a slot is free. The call keeps its slot until its answer is on disk, so a crash loses at most one
   * call per slot. Default: runs it at once.
   */
  readonly slot?: (<Value>(call: () => Promise<Value>) => Promise<Value>) | undefined;
}

/** Marks the options of a call in flight with its key, so that the call is recognised if it reaches this wrapper again. */
const SENDING = Symbol('sending');

/** Calls in flight, by key. */
export type CallsInFlight = Map<string, InFlight>;

interface InFlight {
  readonly call: Promise<ChatResponse>;
  /** The signal of the caller that sent it. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Answers a call from the journal if it is there; otherwise sends it and records the answer. A call is finished when
 * its answer is on disk. Identical calls in flight are sent once. If the caller that sent it aborts, another caller
 * that is waiting for it sends it again.
 */
export function journaled(
  model: ChatModel,
  {
    journal,
    spentOn = (_request, { usage }) => ({ model: model.id, usage }),
    inFlight = new Map(),
    onReplay,
    slot = (call) => call(),
  }: JournaledOptions,
): ChatModel {
  async function send(key: string, request: ChatRequest, options: CallOptions): Promise<ChatResponse> {
    const {
      rateLimit: _transient,
      served,
      ...answer
    } = cutReply(await model.generate(request, { ...options, [SENDING]: key } as CallOptions), request);
    const response = { ...answer, ...servedIdentity(served?.model, served?.fingerprint) };
    const place = options.place === undefined ? '' : formatPlace(options.place);
    const spent = spentOn(request, response);
    const written = JSON.stringify(response);
    const stored = await journal.put(key, place, written, spent);
    // Returns the journal's answer, not the model's: another wrapper may have been first, and a replay must be equal.
    return (stored === written ? asRead(response) : undefined) ?? (JSON.parse(stored) as ChatResponse);
  }

  /** Sends the call, unless another process is sending it. It holds no slot while it waits for that process. */
  async function sendOnce(key: string, request: ChatRequest, options: CallOptions): Promise<ChatResponse> {
    const { place, signal } = options;
    for (;;) {
      const outcome = await slot(async () => {
        signal?.throwIfAborted();
        const claim = await journal.claim!(key);
        return 'release' in claim
          ? { response: await releasing(claim, () => send(key, request, options)) }
          : claim;
      });
      if ('response' in outcome) return outcome.response;
      if ('stored' in outcome) {
        const response = JSON.parse(outcome.stored) as ChatResponse;
        onReplay?.(response, place);
        return response;
      }
      await outcome.retry(signal);
    }
  }

  return {
    id: model.id,
    async generate(request, options = {}) {
      const { signal, place } = options;
      const key = callKey(model.id, request, place);
      // The call has come back to its own wrapper, and would wait for itself.
      if ((options as { [SENDING]?: string })[SENDING] === key) {
        throw new InvalidOptionError('model', 'a model without this run around it', model.id, {
          hint: 'Wrap the bare model. The run puts journal, pacing and retries around it.',
        });
      }
      for (;;) {
        signal?.throwIfAborted();
        // Checked before the journal, which can already return an answer that is not on disk yet.
        const same = inFlight.get(key);
        if (same !== undefined) {
          try {
            return await orAborted(same.call, signal);
          } catch (error) {
            if (signal?.aborted || !same.signal?.aborted) throw error;
            continue;
          }
        }
        const found = journal.get(key, place);
        // A journal on disk answers at once, and a replay then waits for nothing.
        const known = found instanceof Promise ? await found : found;
        if (known !== undefined) {
          const response = JSON.parse(known) as ChatResponse;
          onReplay?.(response, place);
          return response;
        }
        if (!inFlight.has(key)) break;
      }
      const call =
        journal.claim === undefined
          ? slot(() => send(key, request, options))
          : sendOnce(key, request, options);
      inFlight.set(key, { call, signal });
      const done = () => inFlight.delete(key);
      call.then(done, done);
      // On abort the caller returns at once; a call that was already sent still finishes and is recorded.
      return orAborted(call, signal);
    },
  };
}

/** The answer as it would be read from its JSON. Undefined if it holds something that JSON may change. */
function asRead({ text, finishReason, usage, served, ...others }: ChatResponse): ChatResponse | undefined {
  const { inputTokens, cachedInputTokens, outputTokens, ...otherCounts } = usage;
  const isPlain =
    [inputTokens, cachedInputTokens, outputTokens].every((count) => Number.isInteger(count) && count >= 0) &&
    Object.keys(others).length + Object.keys(otherCounts).length === 0;
  if (!isPlain) return undefined;
  return {
    text,
    finishReason,
    usage: { inputTokens, cachedInputTokens, outputTokens },
    ...(served && { served }),
  };
}

/** Gives a claim up if the call fails. */
async function releasing(
  { release }: Extract<Claim, { readonly release: unknown }>,
  send: () => Promise<ChatResponse>,
): Promise<ChatResponse> {
  try {
    return await send();
  } catch (error) {
    // If that fails, the claim ends with the process.
    await release().catch(() => {});
    throw error;
  }
}
