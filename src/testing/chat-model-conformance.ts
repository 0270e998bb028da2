import { strict as assert } from 'node:assert';
import type { ChatModel, ChatRequest } from '../models/chat-model.ts';
import { type ConformanceCheck, check } from './conformance.ts';

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
