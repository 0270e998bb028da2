import type { ChatModel } from '../../models/chat-model.ts';
import { heldBy } from '../../models/pacing/paced.ts';
import { plausibleUsage } from '../../models/plausible-usage.ts';
import { type RetryOptions, retry } from '../../models/retry.ts';
import type { RunEvent } from '../events.ts';
import type { RunStore } from '../run-store.ts';
import type { Ledger } from '../spending/ledger.ts';
import { allowed } from './allowed.ts';
import { balancedCalls } from './balanced-calls.ts';
import type { RunBatches } from './batches.ts';
import { budgeted } from './budgeted.ts';
import { checkedLast } from './checked-last.ts';
import { finishing } from './finishing.ts';
import type { ModelPacers } from './model-pacers.ts';
import type { PauseGate } from './pause-gate.ts';

export interface SendingOptions {
  readonly gate: PauseGate;
  readonly ledger: Ledger;
  readonly pacers: ModelPacers;
  readonly batches: RunBatches;
  /** The limits that all processes of the run share. */
  readonly allowance: RunStore['allowance'];
  /** Waits until the work of a call is still this process's own. */
  readonly beforeSend: RunStore['beforeSend'];
  readonly retry: RetryOptions | undefined;
  readonly emit: (event: RunEvent) => void;
}

/** Wraps a model in what a call of a run goes through after its slot, from retries to the budget. */
export function sending(options: SendingOptions): (model: ChatModel) => ChatModel {
  const { gate, ledger, pacers, batches, allowance, beforeSend, emit } = options;

  /** From the inside: finish after an abort, own work, pause, budget. */
  function booked(model: ChatModel): ChatModel {
    const own = checkedLast(plausibleUsage(finishing(model)), beforeSend);
    return budgeted(gate.guard(own), ledger, model);
  }

  /** With the limits that processes share. */
  function allowedCalls(model: ChatModel): ChatModel {
    const bare = booked(model);
    const shared = model.free ? undefined : allowance?.(model.id, () => pacers.limitsOf(model.id));
    return shared === undefined ? bare : allowed(bare, shared);
  }

  function onServer(model: ChatModel): ChatModel {
    return model.free ? allowedCalls(model) : heldBy(pacers.of(model.id), allowedCalls(model));
  }

  function onServers(model: ChatModel, replicas: readonly ChatModel[]): ChatModel {
    return balancedCalls(model, replicas, {
      pacer: pacers.of(model.id),
      pacerOf: (server) => pacers.ofServer(model.id, server),
      onServer: allowedCalls,
      onLeft: (server, error) => emit({ type: 'server-left', model: model.id, server, error }),
      onBack: (server, awayMs) => emit({ type: 'server-back', model: model.id, server, awayMs }),
    });
  }

  return (model) => {
    const hosted = batches.host(model);
    // It paces and retries by itself, and on an abort its batches run on.
    if (hosted !== undefined) {
      return budgeted(gate.guard(plausibleUsage(hosted)), ledger, model);
    }
    const { id, replicas = [] } = model;
    const once = replicas.length < 2 ? onServer(model) : onServers(model, replicas);
    return retry(once, {
      ...options.retry,
      onRetry: (error, waitMs, { place }) => emit({ type: 'call-retry', model: id, place, error, waitMs }),
    });
  };
}
