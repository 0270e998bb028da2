import type * as Api from '@opentelemetry/api';

/** What the wrappers of a traced run share. */
export interface Tracing {
  readonly api: typeof Api;
  readonly tracer: Api.Tracer;
  /** Whether messages are recorded. */
  readonly content: boolean;
  /** The context that new spans belong to: that of the piece of work, else that of the caller. */
  readonly current: () => Api.Context;
}
