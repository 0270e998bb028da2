import { describe, expect, test } from 'vitest';
import type { Embedder } from '../../src/embeddings/embedder.ts';
import type { ChatModel, ChatResponse } from '../../src/models/chat-model.ts';
import type { PairFormat, PreferenceFormat } from '../../src/preferences/preference-format.ts';
import type { PreferenceRecord } from '../../src/preferences/preference-record.ts';
import {
  type ConformanceCheck,
  chatModelConformance,
  embedderConformance,
  fakeEmbedder,
  preferenceFormatConformance,
  scriptedModel,
} from '../../src/testing/index.ts';

/** The names of the checks that an implementation does not pass. */
async function failures(checks: readonly ConformanceCheck[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(checks.map((check) => check.run()));
  return checks.filter((_, index) => outcomes[index]!.status === 'rejected').map(({ name }) => name);
}

describe('chatModelConformance', () => {
  const good = () =>
    scriptedModel(({ outputSchema }) => (outputSchema === undefined ? 'Fine.' : '{"mood": "good"}'));
  const changed = (change: (response: ChatResponse) => unknown) => (): ChatModel => {
    const model = good();
    return {
      id: 'changed',
      generate: async (...call) => change(await model.generate(...call)) as ChatResponse,
    };
  };
  const usage = (counts: object) =>
    changed((response) => ({ ...response, usage: { ...response.usage, ...counts } }));

  test('passes a model that keeps the contract', async () => {
    expect(await failures(chatModelConformance(good))).toEqual([]);
  });

  let made = 0;
  test.each<[string, () => ChatModel, RegExp]>([
    ['an empty id', () => ({ ...good(), id: '' }), /its id/],
    ['an id of two lines', () => ({ ...good(), id: 'a\nb' }), /its id/],
    ['another id each time', () => ({ ...good(), id: `model-${made++}` }), /its id/],
    ['no text', changed((response) => ({ ...response, text: ' ' })), /answers with text/],
    [
      'a finish reason of its own',
      changed((response) => ({ ...response, finishReason: 'eos' })),
      /finish reason/,
    ],
    ['no usage', changed(({ text, finishReason }) => ({ text, finishReason })), /token counts/],
    ['half a token', usage({ outputTokens: 0.5 }), /token counts/],
    ['tokens that are no number', usage({ inputTokens: Number.NaN }), /token counts/],
    ['more cached tokens than tokens', usage({ inputTokens: 1, cachedInputTokens: 2 }), /token counts/],
    [
      'a request that is changed',
      () => ({
        id: 'm',
        generate: (request, options) => {
          (request.messages as unknown[]).splice(1);
          return good().generate(request, options);
        },
      }),
      /leaves the request/,
    ],
    ['no JSON where it was asked for', () => scriptedModel('Fine.'), /JSON reply/],
    ['JSON of another shape', () => scriptedModel('{"mood": "so so"}'), /JSON reply/],
    [
      'one turn only',
      () =>
        scriptedModel(({ messages, outputSchema }) =>
          messages.length > 2 ? new Error('one turn, please') : outputSchema ? '{"mood": "bad"}' : 'Fine.',
        ),
      /several turns/,
    ],
    [
      'no regard for the signal',
      () => ({ id: 'm', generate: (request) => good().generate(request) }),
      /aborted signal/,
    ],
    [
      'an error of its own for an abort',
      () => ({
        id: 'm',
        generate: (request, options) =>
          good()
            .generate(request, options)
            .catch(() => {
              throw new DOMException('Aborted', 'AbortError');
            }),
      }),
      /aborted signal/,
    ],
    [
      'a copy of the reason for an abort',
      () => ({
        id: 'm',
        generate: (request, options) =>
          good()
            .generate(request, options)
            .catch((reason: Error) => {
              throw new Error(reason.message);
            }),
      }),
      /aborted signal/,
    ],
    [
      'one call at a time',
      () => {
        let busy = false;
        return {
          id: 'm',
          async generate(request, options) {
            if (busy) throw new Error('busy');
            busy = true;
            const response = await good().generate(request, options);
            busy = false;
            return response;
          },
        };
      },
      /two calls at once/,
    ],
  ])('fails a model with %s', async (_what, create, check) => {
    expect((await failures(chatModelConformance(create))).join('\n')).toMatch(check);
  });
});

describe('embedderConformance', () => {
  const good = () => fakeEmbedder();
  const changed =
    (change: (vectors: Float32Array[], texts: readonly string[]) => unknown[]) => (): Embedder => ({
      ...good(),
      embed: async (texts, options) => change(await good().embed(texts, options), texts) as Float32Array[],
    });

  test('passes an embedder that keeps the contract', async () => {
    expect(await failures(embedderConformance(good))).toEqual([]);
  });

  test.each<[string, () => Embedder, RegExp]>([
    ['a vector too few', changed((vectors) => vectors.slice(1)), /one vector per text/],
    ['plain lists', changed((vectors) => vectors.map((vector) => [...vector])), /one vector per text/],
    ['other dimensions than it says', () => ({ ...good(), dimensions: 63 }), /of its dimensions/],
    [
      'vectors of another length',
      changed((vectors) => vectors.map((vector) => vector.map((x) => 2 * x))),
      /unit length/,
    ],
    [
      'one vector for everything',
      changed((vectors) => vectors.map(() => vectors[0]!)),
      /different texts different/,
    ],
    [
      'a new vector each time',
      changed((vectors) => vectors.map((vector, index) => (index === 1 ? vector.map((x) => -x) : vector))),
      /equal texts have equal vectors/,
    ],
    [
      'a vector for nothing',
      changed((vectors) => (vectors.length > 0 ? vectors : [new Float32Array(64)])),
      /no texts/,
    ],
    [
      'no number for an empty text',
      changed((vectors, texts) =>
        vectors.map((vector, index) => (texts[index] === '' ? vector.fill(Number.NaN) : vector)),
      ),
      /empty text/,
    ],
    [
      'no regard for the signal',
      () => ({ ...good(), embed: (texts) => good().embed(texts) }),
      /aborted signal/,
    ],
  ])('fails an embedder with %s', async (_what, create, check) => {
    expect((await failures(embedderConformance(create))).join('\n')).toMatch(check);
  });
});

describe('preferenceFormatConformance', () => {
  const pair = (rows: PairFormat['rows']): PreferenceFormat => ({ ...good(), rows });
  const good = (): PairFormat => ({
    name: 'mine',
    kind: 'pair',
    rows: ({ conversation: context, preferred: chosen, rejected }) => [{ prompt: context, chosen, rejected }],
  });

  test('passes a format that keeps the contract', async () => {
    expect(await failures(preferenceFormatConformance(good))).toEqual([]);
    const demonstration = (): PreferenceFormat => ({
      name: 'mine',
      kind: 'demonstration',
      rows: ({ conversation: context, preferred: chosen }) => [{ prompt: context, completion: chosen }],
    });
    expect(await failures(preferenceFormatConformance(demonstration))).toEqual([]);
  });

  test.each(['Mine', 'MINE-2', 'my_format.v2'])('accepts the name %s, as the exporter does', async (name) => {
    expect(await failures(preferenceFormatConformance(() => ({ ...good(), name })))).toEqual([]);
  });

  let row = 0;
  test.each<[string, () => PreferenceFormat, RegExp]>([
    ['a name that is not a file name', () => ({ ...good(), name: 'My format' }), /exporter accepts/],
    ['a name that starts with a dot', () => ({ ...good(), name: '.mine' }), /exporter accepts/],
    [
      'rows of other columns than it says',
      () => ({ ...good(), columns: { prompt: 'string', rejected: 'string', chosen: 'string' } }),
      /declared columns/,
    ],
    ['no rows', () => pair(() => []), /contain the preferred response/],
    [
      'members that JSON loses',
      () => pair(({ preferred: chosen }) => [{ chosen, none: undefined }]),
      /survive JSON/,
    ],
    ['no chosen response', () => pair(({ rejected }) => [{ rejected }]), /contain the preferred response/],
    [
      'a pair without the rejected response',
      () => pair(({ preferred: chosen }) => [{ chosen }]),
      /both responses/,
    ],
    [
      'a demonstration of the rejected response',
      () => ({ ...good(), kind: 'demonstration' }),
      /never the rejected one/,
    ],
    [
      'rows that differ each time',
      () => pair((record) => [{ ...good().rows(record)[0], row: row++ }]),
      /equal rows/,
    ],
    [
      'a record that is changed',
      () =>
        pair((record) => {
          (record as { -readonly [Key in keyof PreferenceRecord]: PreferenceRecord[Key] }).turn += 1;
          return good().rows(record);
        }),
      /record stays unchanged/,
    ],
  ])('fails a format with %s', async (_what, create, check) => {
    expect((await failures(preferenceFormatConformance(create))).join('\n')).toMatch(check);
  });
});
