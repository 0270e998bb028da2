import { AsyncLocalStorage } from 'node:async_hooks';
import type * as Api from '@opentelemetry/api';
import type { Attributes, Context, Tracer } from '@opentelemetry/api';
import { importOptional } from '../internal/import-optional.ts';
import { checkKnownOptions, flag } from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import { VERSION } from '../internal/version.ts';
import { once } from '../runs/calls/once.ts';
import { checkRun, type Run, type RunWork } from '../runs/run.ts';
import { shareAnswers } from '../runs/stored-answers.ts';
import { CONVENTIONS } from './conventions.ts';
import { tracedEmbedder } from './traced-embedder.ts';
import { recordError, tracedModel } from './traced-model.ts';
import type { Tracing } from './tracing.ts';

/** Options of {@link withTelemetry}. */
export interface TelemetryOptions {
  /** Where spans go. Default: the tracer `aloe-align` of the registered provider. */
  readonly tracer?: Tracer | undefined;
  /**
   * Record messages, replies and the messages of errors, which may quote them, without the secrets that are known. They are
   * what users and models wrote. Default false.
   */
  readonly content?: boolean | undefined;
}

/**
 * Records a run's work as OpenTelemetry spans, after the semantic conventions for generative AI: one per conversation or
 * case, and in it one per call that is sent, with model, server, tokens, finish reason and place. Calls that the journal
 * answers have none. Use the returned run everywhere in place of the given one.
 *
 * @example
 * ```ts
 * import { openRun } from 'aloe-align';
 * import { withTelemetry } from 'aloe-align/telemetry';
 *
 * const run = await withTelemetry(await openRun('runs/first', { seed: 7 }));
 * ```
 *
 * @throws MissingPackageError if `@opentelemetry/api` is not installed; InvalidOptionError if an option is unknown or wrong.
 */
export async function withTelemetry(run: Run, options: TelemetryOptions = {}): Promise<Run> {
  checkKnownOptions<TelemetryOptions>('withTelemetry()', options, { tracer: true, content: true });
  const content = flag(false)(options.content, 'content');
  checkRun(run);
  const api = await importOptional<typeof Api>('@opentelemetry/api', 'withTelemetry()');
  const tracer = options.tracer ?? api.trace.getTracer('aloe-align', VERSION);
  checkMethod('tracer', tracer, 'startSpan', 'an OpenTelemetry tracer');
  // Not the API's own context: that one is lost unless the application has registered a context manager.
  const work = new AsyncLocalStorage<Context>();
  const tracing: Tracing = { api, tracer, content, current: () => work.getStore() ?? api.context.active() };

  const model: Run['model'] = once(
    (bare) => bare.mapModels?.(model) ?? tracedModel(bare, (inner) => run.model(inner), tracing),
  );

  async function within<Value>({ kind, subject, outcome }: RunWork<Value>, play: () => Promise<Value>) {
    const parent = tracing.current();
    const { conversationId } = subject;
    const attributes = {
      ...named(subject),
      ...(conversationId !== undefined && { [CONVENTIONS.conversationId]: conversationId }),
    };
    const span = tracer.startSpan(`aloe.${kind}`, { attributes }, parent);
    const context = api.trace.setSpan(parent, span);
    try {
      const value = await work.run(context, () => api.context.with(context, play));
      span.setAttributes(named(outcome(value)));
      return value;
    } catch (error) {
      recordError(span, error, tracing);
      throw error;
    } finally {
      span.end();
    }
  }

  const embedder: Run['embedder'] = once((bare) => run.embedder(tracedEmbedder(bare, tracing)));
  const traced: Run = {
    ...run,
    // Copied by the line above, it would stay as it is now when the run is retuned.
    get concurrency() {
      return run.concurrency;
    },
    model,
    embedder,
    within,
  };
  return shareAnswers(traced, run);
}

/** `aloe.case_id` for `caseId`. */
function named(values: Readonly<Record<string, string | number | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `aloe.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      value,
    ]),
  );
}
