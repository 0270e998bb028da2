/** A program of a user: one line from each subpath, strictly typed, and run as it stands. */
import {
  AloeEvaluator,
  aloeCases,
  type ChatModel,
  type ConversationTree,
  ConversationTreeBuilder,
  memoryRun,
  PersonaPool,
  PreferenceExporter,
  trlDpo,
  trlSft,
} from 'aloe-align';
import { openaiEmbedder } from 'aloe-align/embeddings/openai';
import { transformersEmbedder } from 'aloe-align/embeddings/transformers';
import { alignmentLevels, type ImprovementFit, improvementRate } from 'aloe-align/metrics';
import { embeddedModel } from 'aloe-align/models/embedded';
import { llamaCpp } from 'aloe-align/models/llama-cpp';
import { openai } from 'aloe-align/models/openai';
import { renderReport } from 'aloe-align/report';
import { fakeEmbedder, scriptedModel } from 'aloe-align/testing';
import { llamaCppTokenizer } from 'aloe-align/tokenizers/llama-cpp';
import { transformersTokenizer } from 'aloe-align/tokenizers/transformers';

const TEXTS = [
  'The rain has not stopped since Monday.',
  'My cellar is wet, and the pump is broken.',
  'Somebody from the village lends me theirs.',
  'It works. Tomorrow I will paint the walls.',
];
const teacher: ChatModel = scriptedModel(({ outputSchema, messages }) => {
  if (outputSchema?.name === 'verdict') return '{"rationale": "It suits.", "score": 4}';
  if (outputSchema !== undefined) return '{"revealed": []}';
  return TEXTS[messages.length % TEXTS.length]!;
});
const run = memoryRun({ seed: 7 });
const pool = await PersonaPool.grow({
  run,
  model: teacher,
  embedder: fakeEmbedder(),
  profiles: 2,
  personalities: 2,
});
const personas = pool.personas({ personalitiesPerProfile: 1 });
const trees: AsyncIterable<ConversationTree> = new ConversationTreeBuilder({
  run,
  roles: teacher,
  turns: 2,
}).build(personas);
const manifest = await new PreferenceExporter({ formats: [trlSft(), trlDpo()] }).write(trees, 'data');
const evaluator = new AloeEvaluator({
  run,
  user: teacher,
  judge: teacher,
  cases: aloeCases().slice(0, 1),
  turns: 2,
});
const result = await evaluator.evaluate(teacher);
const fit: ImprovementFit | null = improvementRate(alignmentLevels([[1, 2, 3]]));
console.log(
  JSON.stringify({
    personas: personas.length,
    decisionPoints: manifest.source.decisionPoints,
    average: result.average,
    slope: fit?.slope,
    report: renderReport({ evaluations: [result] }).includes('Summary'),
    model: openai('some-model').id,
    vectors: openaiEmbedder().dimensions,
    local: [transformersEmbedder, llamaCpp, embeddedModel, llamaCppTokenizer, transformersTokenizer].map(
      (factory) => typeof factory,
    ),
  }),
);
