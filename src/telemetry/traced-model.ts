import type { Context, Span } from '@opentelemetry/api';
import { messageOf } from '../internal/message-of.ts';
import type { CallOptions, ChatModel } from '../models/chat-model.ts';
import { redact } from '../redact.ts';
import { contentAttributes, errorType, requestAttributes, responseAttributes } from './call-attributes.ts';
import { CONVENTIONS, OPERATIONS } from './conventions.ts';
import type { Tracing } from './tracing.ts';

/** In the options of a call: what its two wrappers share. */
const CALL = Symbol('traced call');

interface TracedCall {
  readonly parent: Context;
  /** Begins when the call is first sent. A call that the journal answers has none. */
  span: Span | undefined;
}

/**
 * A model with a span around each call that is sent. The convention counts retries as one operation, so two wrappers work
 * together: the inner one, which a run retries, begins the span, and the outer one, around the run's wrapper, ends it.
 */
export function tracedModel(
  model: ChatModel,
  wrapInRun: (model: ChatModel) => ChatModel,
  tracing: Tracing,
): ChatModel {
  const { api, tracer, content, current } = tracing;
  const kind = model.free ? api.SpanKind.INTERNAL : api.SpanKind.CLIENT;

  const begun = (spanned: ChatModel): ChatModel => ({
    id: spanned.id,
    server: spanned.server,
    free: spanned.free,
    replicas: spanned.replicas?.map(begun),
    generate(request, options = {}) {
      const { [CALL]: call, ...rest } = options as CallOptions & { readonly [CALL]?: TracedCall };
      if (call === undefined) return spanned.generate(request, rest);
      if (call.span === undefined) {
        call.span = tracer.startSpan(
          `${OPERATIONS.chat} ${model.id}`,
          { kind, attributes: requestAttributes(spanned, request, options.place) },
          call.parent,
        );
      } else {
        call.span.addEvent('aloe.retry');
      }
      const within = api.trace.setSpan(call.parent, call.span);
      return api.context.with(within, () => spanned.generate(request, rest));
    },
  });
  const inBatches: ChatModel['inBatches'] = (host) => {
    const hosted = model.inBatches!(host);
    return { ...hosted, model: begun(hosted.model) };
  };
  const runModel = wrapInRun({ ...begun(model), ...(model.inBatches && { inBatches }) });

  return {
    id: runModel.id,
    async generate(request, options) {
      const call: TracedCall = { parent: current(), span: undefined };
      try {
        const response = await runModel.generate(request, { ...options, [CALL]: call } as CallOptions);
        call.span?.setAttributes(responseAttributes(response));
        if (content) call.span?.setAttributes(contentAttributes(request, response));
        return response;
      } catch (error) {
        if (content) call.span?.setAttributes(contentAttributes(request, undefined));
        recordError(call.span, error, tracing);
        throw error;
      } finally {
        call.span?.end();
      }
    },
  };
}

/** Marks a span as failed. The message counts as content: it can quote a prompt or a reply, and hold a secret. */
export function recordError(span: Span | undefined, error: unknown, { api, content }: Tracing): void {
  span?.setAttribute(CONVENTIONS.errorType, errorType(error));
  const message = redact(messageOf(error));
  span?.setStatus({ code: api.SpanStatusCode.ERROR, ...(content && { message }) });
}
