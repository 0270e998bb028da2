import { ModelCallError } from '../../errors.ts';
import { balanceCalls, isUnanswered, type ServerEvents } from '../../models/balancing/balance-calls.ts';
import { nameServers } from '../../models/balancing/balanced.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { heldBy } from '../../models/pacing/paced.ts';
import type { CallOutcome, Pacer } from '../../models/pacing/pacer.ts';

export interface BalancedCallsOptions extends ServerEvents {
  /** Holds the limits of the model, over all servers. */
  readonly pacer: Pacer;
  /** The pacer of a server. */
  readonly pacerOf: (server: string) => Pacer;
  /** Wraps the model on one server in what comes after its pacer. An abort must not reach calls that were sent. */
  readonly onServer: (replica: ChatModel) => ChatModel;
}

/**
 * The calls of a run to a model on several servers. The pacer of each server learns what that server accepts. A call that a
 * server does not answer goes to another one and teaches its pacer nothing. The model's own pacer learns only whether any
 * server answers.
 */
export function balancedCalls(
  { id }: ChatModel,
  replicas: readonly ChatModel[],
  { pacer, pacerOf, onServer, ...events }: BalancedCallsOptions,
): ChatModel {
  const servers = nameServers(replicas).map(({ name, model }) => ({
    name,
    model: heldBy(pacerOf(name), onServer(model), (outcome) =>
      'error' in outcome && isUnanswered(outcome.error) ? UNTOLD : outcome,
    ),
  }));
  const model = { id, generate: balanceCalls(id, { ...events, servers, movesWaiting: true }) };
  // The model is away only if all of its servers are.
  return heldBy(pacer, model, (outcome) =>
    'error' in outcome
      ? isFromOneServer(outcome.error)
        ? UNTOLD
        : outcome
      : { response: { ...outcome.response, rateLimit: undefined } },
  );
}

/** Tells a pacer that a call has ended, and nothing else. */
const UNTOLD: CallOutcome = { error: undefined };

/** A refusal by one server says nothing about the others. */
function isFromOneServer(error: unknown): boolean {
  return ModelCallError.isInstance(error) && error.status !== undefined && error.status < 500;
}
