import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../../src/internal/hash.ts';
import { callKey, rowId } from '../../src/models/call-key.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { formatPlace } from '../../src/models/place.ts';

const text = fc.string({ unit: 'grapheme' });
const requests = fc.record(
  {
    messages: fc.array(fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: text })),
    temperature: fc.double({ noNaN: true, noDefaultInfinity: true }),
    maxOutputTokens: fc.nat(),
    seed: fc.nat(),
    stop: fc.array(text),
    outputSchema: fc.record({ name: text, schema: fc.dictionary(text, fc.jsonValue()) }),
  },
  { requiredKeys: ['messages'] },
) as fc.Arbitrary<ChatRequest>;

test('the key of a call is the hash of the canonical JSON of model, request and place', () => {
  const places = fc.option(fc.record({ task: text, subject: text, turn: fc.nat(), role: text }));
  fc.assert(
    fc.property(text, requests, places, (id, request, place) => {
      const named = place === null ? null : formatPlace(place);
      expect(callKey(id, request, place ?? undefined)).toBe(sha256(canonicalJson([id, request, named])));
    }),
  );
});

test('the keys and row ids of earlier versions are still found', () => {
  const request: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }], temperature: 0.7 };
  const key = callKey('m', request, { task: 't', subject: 's', role: 'r' });
  expect(key).toBe('be3d723f5d8cd994173f85b1b5f01aac4cf0e6a0d96da505d387c19e61f0f283');
  expect(rowId(key)).toBe(key.slice(0, 32));
});
