import type { Embedder } from '../embeddings/embedder.ts';
import { serverAttributes } from './call-attributes.ts';
import { CONVENTIONS as C, OPERATIONS } from './conventions.ts';
import { recordError } from './traced-model.ts';
import type { Tracing } from './tracing.ts';

/** An embedder with a span around each call that is sent. */
export function tracedEmbedder(embedder: Embedder, tracing: Tracing): Embedder {
  const { api, tracer, current } = tracing;
  const { id, server, dimensions, similarityThreshold } = embedder;
  return {
    id,
    server,
    dimensions,
    similarityThreshold,
    async embed(texts, options) {
      const kind = server === undefined ? api.SpanKind.INTERNAL : api.SpanKind.CLIENT;
      const attributes = {
        [C.operationName]: OPERATIONS.embeddings,
        [C.requestModel]: id,
        [C.dimensionCount]: dimensions,
        ...serverAttributes(server, server === undefined),
        'aloe.texts': texts.length,
      };
      const parent = current();
      const span = tracer.startSpan(`${OPERATIONS.embeddings} ${id}`, { kind, attributes }, parent);
      try {
        return await api.context.with(api.trace.setSpan(parent, span), () => embedder.embed(texts, options));
      } catch (error) {
        recordError(span, error, tracing);
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
