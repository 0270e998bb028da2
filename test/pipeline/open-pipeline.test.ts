import { expect, test } from 'vitest';
import { type AloeConfig, openEmbedder, openModel } from '../../src/config/index.ts';
import { checkModels, openPipeline } from '../../src/pipeline/index.ts';
import { scriptedModel } from '../../src/testing/index.ts';

const models = { default: scriptedModel('Hello.'), embedder: 'lexical' };
const untyped = (config: object) => config as AloeConfig;

test.each<[string, object, string]>([
  ['a misspelt budget', { budgt: { usd: 1 } }, 'config: has no option "budgt". Did you mean "budget"?'],
  [
    'a size out of range',
    { conversations: { turns: 0 } },
    'config: conversations.turns: expected a whole number',
  ],
  [
    'a model without a method',
    { models: { default: { id: 'x', generate: 5 } } },
    'config: models.default: expected',
  ],
  [
    'more pairs than personalities',
    { personas: { personalities: 7 } },
    'Option "personas.personalitiesPerProfile": expected at most 7, which is personas.personalities, got 10.',
  ],
  [
    'an opposite persona without rules',
    { evaluation: { otherPersona: 'opposite' } },
    'Option "evaluation.otherPersona": expected "any" or false, since no case has rules, got "opposite". Personas are opposite in their rules. evaluation.judge: rules gives cases some.',
  ],
])('%s in a config made in code is refused before anything is opened', async (_name, wrong, message) => {
  await expect(openPipeline(untyped({ models, ...wrong }))).rejects.toThrow(message);
});

test('a model check and options of the pipeline are checked too', async () => {
  await expect(checkModels(untyped({ models, budgt: 1 }))).rejects.toThrow('config: has no option "budgt"');
  const typo: object = { part: [] };
  await expect(openPipeline({ models }, typo)).rejects.toThrow('Did you mean "parts"?');
  await expect(openPipeline({ models }, { parts: ['usr' as 'user'] })).rejects.toThrow('Option "parts"');
  const reason = new Error('enough');
  await expect(openPipeline({ models }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each([5, null, {}, { generate: 5 }])('%j is no model and no embedder', async (given) => {
  await expect(openModel(given as unknown as string)).rejects.toThrow('Option "model"');
  if (given === null || typeof given === 'number') {
    await expect(openEmbedder(given as unknown as string)).rejects.toThrow('Option "embedder"');
  }
});
