/**
 * An evaluation as OpenTelemetry spans: prints each case and its calls. An application registers a provider with an exporter
 * of its own instead, for example from @opentelemetry/sdk-node.
 *
 *   OPENAI_API_KEY=... npx tsx examples/telemetry.ts [cases] [turns]
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model. A second run prints no calls: the journal answers.
 */
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { AloeEvaluator, aloeCases, openRun } from 'aloe-align';
import { openai } from 'aloe-align/models/openai';
import { withTelemetry } from 'aloe-align/telemetry';

if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own (any key will do there).');
  process.exit(1);
}

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

const [caseCount = 2, turns = 3] = process.argv.slice(2).map(Number);
const model = openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION });
const run = await withTelemetry(await openRun('runs/telemetry', { seed: 7 }), {
  tracer: provider.getTracer('example'),
});
const evaluator = new AloeEvaluator({
  run,
  user: model,
  judge: model,
  cases: aloeCases({ count: caseCount }),
  turns,
});
await evaluator.evaluate(model);
await run.close();

const spans = exporter.getFinishedSpans();
for (const played of spans.filter(({ name }) => name === 'aloe.case')) {
  const { attributes } = played;
  console.log(`${attributes['aloe.case_id']}: average ${attributes['aloe.average']}`);
  for (const { name, attributes: call, duration, parentSpanContext } of spans) {
    if (parentSpanContext?.spanId !== played.spanContext().spanId) continue;
    const ms = Math.round(duration[0] * 1_000 + duration[1] / 1_000_000);
    const tokens = `${call['gen_ai.usage.input_tokens']} + ${call['gen_ai.usage.output_tokens']} tokens`;
    console.log(`  turn ${call['aloe.turn']}, ${call['aloe.role']}: ${name}, ${tokens}, ${ms} ms`);
  }
}
