import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import type { AdaptiveEvent } from '../../src/adaptive/adaptive-options.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { embeddedModel } from '../../src/models/embedded.ts';
import type { LlamaCppModel } from '../../src/models/llama-cpp.ts';
import { chatModelConformance } from '../../src/testing/chat-model-conformance.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';

let small: LlamaCppModel;
const events: AdaptiveEvent[] = [];
const wrapped = (): ChatModel =>
  adaptive(small, { maxPreferences: 2, inferenceTokens: 80, onEvent: (event) => events.push(event) });

beforeAll(async () => {
  await pullWeights({ sets: ['smollm2-135m-instruct'] });
  small = embeddedModel({ threads: 1, cachedPrompts: 2 });
}, 300_000);
afterAll(() => small?.dispose());

test('a real model infers a list of limited length and responds', async () => {
  const { text, usage } = await wrapped().generate({
    messages: [
      { role: 'user', content: 'Keep it short please, and no jokes. What is a good name for a boat?' },
    ],
    temperature: 0,
    maxOutputTokens: 24,
  });
  expect(text.trim()).not.toBe('');
  expect(events).toMatchObject([{ type: 'preferences-inferred' }]);
  const [inferred] = events;
  const preferences = inferred?.type === 'preferences-inferred' ? inferred.preferences : [];
  expect(preferences.length).toBeLessThanOrEqual(2);
  expect(preferences.every((preference) => preference.length <= 120)).toBe(true);
  expect(usage.inputTokens).toBeGreaterThan(150);
}, 120_000);

describe.runIf(process.env.ALOE_HEAVY === '1').each(chatModelConformance(wrapped))(
  'adaptive around a real model keeps the ChatModel contract',
  ({ name, run }) => {
    test(name, run, 120_000);
  },
);
