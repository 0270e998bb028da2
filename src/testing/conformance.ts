import { strict as assert } from 'node:assert';
import type { Embedder } from '../embeddings/embedder.ts';
import type { ChatModel, ChatRequest } from '../models/chat-model.ts';
import { PreferenceExporter } from '../preferences/preference-exporter.ts';
import type { PreferenceFormat } from '../preferences/preference-format.ts';
import type { PreferenceRecord } from '../preferences/preference-record.ts';

/** One requirement of a contract. Run it in any test runner: `test(check.name, check.run)`. */
export interface ConformanceCheck {
  /** The requirement, as a sentence. */
  readonly name: string;
  /** Rejects with an AssertionError if the implementation does not meet the requirement. */
  run(): Promise<void>;
}

/** A new object each time, so that a model that changes its request is detected. */
const hello = (): ChatRequest => ({
  messages: [
    { role: 'system', content: 'Answer in one short sentence.' },
    { role: 'user', content: 'Hello! How are you today?' },
  ],
  temperature: 0,
  maxOutputTokens: 40,
  seed: 7,
});

/**
 * The requirements for every {@link ChatModel}. Running them makes fewer than ten short calls to the model.
 *
 * @param create Makes the model. Called several times; all models it makes must be equal.
 *
 * @example
 * ```ts
 * import { chatModelConformance } from 'aloe-align/testing';
 * import { test } from 'vitest';
 * import { myModel } from '../src/my-model.ts';
 *
 * for (const { name, run } of chatModelConformance(() => myModel())) test(name, run);
 * ```
 */
export function chatModelConformance(create: () => ChatModel): ConformanceCheck[] {
  return [
    check('its id is one line of text, the same for equal models', async () => {
      assert.match(create().id, /^\S[^\n]*$/);
      assert.equal(create().id, create().id, 'equal models have the same id');
    }),
    check('it answers with text, a finish reason and token counts', async () => {
      const response = await create().generate(hello());
      assert.notEqual(response.text.trim(), '', 'the response has text');
      assert.ok(['stop', 'length', 'content-filter', 'other'].includes(response.finishReason));
      for (const count of [
        response.usage.inputTokens,
        response.usage.cachedInputTokens,
        response.usage.outputTokens,
      ]) {
        assert.ok(
          Number.isInteger(count) && count >= 0,
          `token counts must be integers of at least 0, got ${count}`,
        );
      }
      assert.ok(
        response.usage.cachedInputTokens <= response.usage.inputTokens,
        'cachedInputTokens must not exceed inputTokens',
      );
    }),
    check('it leaves the request unchanged', async () => {
      const request = hello();
      await create().generate(request);
      assert.deepEqual(request, hello());
    }),
    check('it accepts a conversation of several turns', async () => {
      const messages = [
        ...hello().messages,
        { role: 'assistant' as const, content: 'I am well, thank you.' },
        { role: 'user' as const, content: 'Good. What is your favourite colour?' },
      ];
      const response = await create().generate({ ...hello(), messages });
      assert.notEqual(response.text.trim(), '');
    }),
    check('a JSON reply matches the requested schema', async () => {
      const schema = {
        type: 'object',
        properties: { mood: { type: 'string', enum: ['good', 'bad'] } },
        required: ['mood'],
        additionalProperties: false,
      };
      const response = await create().generate({
        ...hello(),
        messages: [
          { role: 'user', content: 'How are you? Answer as JSON like {"mood": "good"} or {"mood": "bad"}.' },
        ],
        maxOutputTokens: 100,
        outputSchema: { name: 'mood', schema },
      });
      const { mood } = JSON.parse(response.text) as { mood: string };
      assert.ok(['good', 'bad'].includes(mood), `mood must be good or bad, got ${mood}`);
    }),
    check("a call with an aborted signal throws the signal's reason", async () => {
      const reason = new Error('stopped by the test');
      const call = create().generate(hello(), { signal: AbortSignal.abort(reason) });
      await assert.rejects(call, (error) => error === reason);
    }),
    check('it can answer two calls at once', async () => {
      const model = create();
      const [one, two] = await Promise.all([model.generate(hello()), model.generate(hello())]);
      assert.notEqual(one.text.trim(), '');
      assert.notEqual(two.text.trim(), '');
    }),
  ];
}

/**
 * The requirements for every {@link Embedder}.
 *
 * @param create Makes the embedder. Called several times; all embedders it makes must be equal.
 */
export function embedderConformance(create: () => Embedder): ConformanceCheck[] {
  const texts = ['A nurse who bakes bread.', 'Ein Lehrer, der Bienen hält.', 'short'];
  return [
    check('it gives one vector per text, of its dimensions and of unit length', async () => {
      const embedder = create();
      const vectors = await embedder.embed(texts);
      assert.equal(vectors.length, texts.length);
      for (const vector of vectors) {
        assert.ok(vector instanceof Float32Array);
        assert.equal(vector.length, embedder.dimensions);
        assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-4, 'unit length');
      }
    }),
    check('equal texts have equal vectors, and different texts different ones', async () => {
      const [a, b, c] = await create().embed([texts[0]!, texts[0]!, texts[1]!]);
      assert.ok(dot(a!, b!) > 1 - 1e-5);
      assert.ok(dot(a!, c!) < 0.99);
    }),
    check('no texts give no vectors', async () => {
      assert.deepEqual(await create().embed([]), []);
    }),
    check('an empty text has a vector of finite numbers', async () => {
      const [vector] = await create().embed(['']);
      assert.ok([...vector!].every(Number.isFinite));
    }),
    check("a call with an aborted signal throws the signal's reason", async () => {
      const reason = new Error('stopped by the test');
      const call = create().embed(texts, { signal: AbortSignal.abort(reason) });
      await assert.rejects(call, (error) => error === reason);
    }),
  ];
}

const record = (): PreferenceRecord => ({
  schema: 'aloe-preference/2',
  id: 'record',
  conversationId: 'conversation',
  personaId: 'persona',
  turn: 2,
  conversation: [
    { role: 'user', content: 'Night shift done. Finally.' },
    { role: 'assistant', content: 'Sleep well!' },
    { role: 'user', content: 'Can "not". \u{1F62C}\nCoffee?' },
  ],
  preferred: 'Decaf, or you stay up.',
  rejected: 'Coffee is a popular beverage.',
  provenance: { revealed: ['F1'], preferredModel: 'a', rejectedModel: 'b', path: ['preferred'] },
});

/**
 * The requirements for every {@link PreferenceFormat}. The exporter's own check of formats is one of them.
 *
 * @param create Makes the format. Called several times; all formats it makes must be equal.
 */
export function preferenceFormatConformance(create: () => PreferenceFormat): ConformanceCheck[] {
  return [
    check('the exporter accepts it, including its name', async () => {
      new PreferenceExporter({ formats: [create()] });
    }),
    check('rows survive JSON and contain the preferred response', async () => {
      const rows = create().rows(record());
      assert.ok(rows.length > 0);
      for (const row of rows) assert.deepEqual(JSON.parse(JSON.stringify(row)), row);
      assert.ok(JSON.stringify(rows).includes(record().preferred));
    }),
    check('a pair contains both responses, a demonstration never the rejected one', async () => {
      const format = create();
      assert.equal(JSON.stringify(format.rows(record())).includes(record().rejected), format.kind === 'pair');
    }),
    check('rows have the declared columns, in order', async () => {
      const { columns } = create();
      if (columns === undefined) return;
      for (const row of create().rows(record())) assert.deepEqual(Object.keys(row), Object.keys(columns));
    }),
    check('equal records give equal rows, and the record stays unchanged', async () => {
      const given = record();
      assert.deepEqual(create().rows(given), create().rows(record()));
      assert.deepEqual(given, record());
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, run };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
