import { ModelCallError } from '../errors.ts';
import { balanceCalls, type ServerEvents } from '../models/balancing/balance-calls.ts';
import { nameServers } from '../models/balancing/balanced.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { estimateTokens } from '../models/pacing/paced.ts';
import type { Pacer } from '../models/pacing/pacer.ts';

export interface BalancedCallsOptions extends ServerEvents {
  /** Holds the limits of the model, over all servers. */
  readonly pacer: Pacer;
  /** Wraps the model on one server, with a pace of its own. An abort must not reach calls that were sent. */
  readonly onServer: (replica: ChatModel, server: string) => ChatModel;
}

/** The calls of a run to a model on several servers: what the model may send, balanced over what each server accepts. */
export function balancedCalls(
  { id }: ChatModel,
  replicas: readonly ChatModel[],
  { pacer, onServer, ...events }: BalancedCallsOptions,
): ChatModel {
  const servers = nameServers(replicas).map(({ name, model }) => ({ name, model: onServer(model, name) }));
  const generate = balanceCalls(id, { ...events, servers, movesWaiting: true });
  return {
    id,
    async generate(request, options = {}) {
      const permit = await pacer.acquire(estimateTokens(request), options.signal);
      try {
        const response = await generate(request, options);
        // What one server says of its limits is for its own pacer.
        permit.release({ response: { ...response, rateLimit: undefined } });
        return response;
      } catch (error) {
        permit.release({ error: isFromOneServer(error) ? undefined : error });
        throw error;
      }
    },
  };
}

/** A refusal by one server says nothing about the others. */
function isFromOneServer(error: unknown): boolean {
  return ModelCallError.isInstance(error) && error.status !== undefined && error.status < 500;
}
