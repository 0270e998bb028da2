import { ModelCallError } from '../../errors.ts';
import { onAbort } from '../../internal/on-abort.ts';
import type { CallOptions, ChatModel, ChatRequest, ChatResponse } from '../chat-model.ts';
import { withoutHint } from '../without-hint.ts';
import { chooseServer } from './choose-server.ts';
import { ServerState } from './server-state.ts';

/** What happens to one of several servers of a model. */
export interface ServerEvents {
  /** It did not answer several calls in a row, and gets no more than a probe a second. */
  readonly onLeft?: ((server: string, error: unknown) => void) | undefined;
  /** It answers again. */
  readonly onBack?: ((server: string, awayMs: number) => void) | undefined;
}

export interface BalanceOptions extends ServerEvents {
  /** The models, one per server. */
  readonly servers: readonly { readonly name: string; readonly model: ChatModel }[];
  /**
   * Whether calls that a server has accepted but not sent yet, since they wait for its rate limit, move on when the server
   * goes away. Its model then must ignore an abort of what was sent.
   */
  readonly movesWaiting: boolean;
}

/** Abort reason of a call that waits at a server which has gone away. The call moves to another one. */
const WITHDRAWN = Symbol('withdrawn');

/**
 * Sends each call to one of several servers, see {@link chooseServer}. A call that one does not answer goes to the next at
 * once, so it fails only if none of them answers.
 */
export function balanceCalls(id: string, options: BalanceOptions): ChatModel['generate'] {
  const { movesWaiting, onLeft, onBack } = options;
  const servers = options.servers.map(({ model, name }) => new ServerState(model, name));

  function failed(server: ServerState, error: unknown): void {
    if (!server.failed(error, performance.now())) return;
    onLeft?.(server.name, error);
    withdrawAll(server);
  }

  async function send(
    server: ServerState,
    request: ChatRequest,
    callOptions: CallOptions,
  ): Promise<ChatResponse | typeof WITHDRAWN> {
    const { signal } = callOptions;
    const controller = movesWaiting ? new AbortController() : undefined;
    const withdraw = () => controller?.abort(WITHDRAWN);
    const stopListening = controller && signal && onAbort(signal, () => controller.abort(signal.reason));
    server.begin(performance.now());
    if (!server.isAway) server.waiting.add(withdraw);
    try {
      const response = await server.model.generate(request, {
        ...callOptions,
        signal: controller?.signal ?? signal,
      });
      const awayMs = server.answered(performance.now());
      if (awayMs !== undefined) onBack?.(server.name, awayMs);
      return response;
    } catch (error) {
      if (error === WITHDRAWN) return WITHDRAWN;
      if (!signal?.aborted && isUnanswered(error)) failed(server, error);
      else if (isRefused(error) && server.refused(error, performance.now())) withdrawAll(server);
      throw error;
    } finally {
      server.end();
      server.waiting.delete(withdraw);
      stopListening?.();
    }
  }

  return async (request, callOptions = {}) => {
    const tried = new Set<ServerState>();
    for (;;) {
      callOptions.signal?.throwIfAborted();
      const untried = servers.filter((server) => !tried.has(server));
      const server = chooseServer(untried, callOptions.place, performance.now());
      if (server === undefined) throw noAnswer(id, servers);
      try {
        const response = await send(server, request, callOptions);
        if (response !== WITHDRAWN) return response;
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        tried.add(server);
      }
    }
  };
}

function withdrawAll({ waiting }: ServerState): void {
  for (const withdraw of [...waiting]) withdraw();
}

function isRefused(error: unknown): error is ModelCallError {
  return ModelCallError.isInstance(error) && error.status === 429;
}

/** No connection, no answer in time, none that can be used, or a server that reports a failure of its own. */
export function isUnanswered(error: unknown): error is ModelCallError {
  if (!ModelCallError.isInstance(error)) return false;
  const { retryable, status } = error;
  return retryable && (status === undefined || status >= 500);
}

function noAnswer(id: string, servers: readonly ServerState[]): ModelCallError {
  const errors = servers.map(({ lastError }) => lastError).filter(ModelCallError.isInstance);
  const [first] = errors;
  const reasons = new Set(errors.map((error) => withoutHint(error).replace(/\.$/, '')));
  const waits = errors.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return new ModelCallError(
    id,
    `none of its ${servers.length} servers answers (${[...reasons].join('; ')})`,
    {
      status: errors.every(({ status }) => status === first?.status) ? first?.status : undefined,
      retryable: true,
      ...(waits.length === errors.length && { retryAfterMs: Math.min(...waits) }),
      hint: first?.hint,
      cause: first,
    },
  );
}
