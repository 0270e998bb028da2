/**
 * "embedding": `transformersEmbedder` beside the `pipeline` of transformers.js in batches of 32, on texts of 3 to 297 words, with
 * the same weights. The two take turns in one process. Run with `node bench/embedding.ts [--rounds 5] [--quick]`.
 */
import { pipeline } from '@huggingface/transformers';
import { aloeCases } from '../src/benchmark/aloe-cases.ts';
import { transformersEmbedder } from '../src/embeddings/transformers.ts';
import { seededRandom } from '../src/internal/seeded-random.ts';
import { pullWeights } from '../src/weights/pull-weights.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';

const { quick, rounds } = benchOptions();
const BATCH = 32;
const TEXTS = quick ? 2 * BATCH : 8 * BATCH;
const [SHORTEST, LONGEST] = [3, 297];

const random = seededRandom(7);
const words = aloeCases()
  .flatMap(({ persona: { profile, personality } }) => [...profile.facts, ...personality.traits])
  .flatMap((statement) => statement.split(' '));
const texts = Array.from({ length: TEXTS }, () => {
  const start = Math.floor(random() * (words.length - LONGEST));
  const count = SHORTEST + Math.floor(random() * (LONGEST - SHORTEST + 1));
  return words.slice(start, start + count).join(' ');
});

const { 'all-minilm-l6-v2': modelPath } = await pullWeights({ sets: ['all-minilm-l6-v2'] });
const embedder = transformersEmbedder({ modelPath });
const extract = await pipeline('feature-extraction', modelPath, { dtype: 'q8', local_files_only: true });

async function withPipeline(batchSize: number): Promise<number[][]> {
  const vectors: number[][] = [];
  for (let start = 0; start < texts.length; start += batchSize) {
    const batch = await extract(texts.slice(start, start + batchSize), { pooling: 'mean', normalize: true });
    vectors.push(...(batch.tolist() as number[][]));
  }
  return vectors;
}

const contenders = { pipeline: () => withPipeline(BATCH), embedder: () => embedder.embed(texts) };
type Contender = keyof typeof contenders;

async function timesOf(contender: Contender) {
  const before = process.cpuUsage();
  const start = performance.now();
  await contenders[contender]();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs };
}

const alone = await withPipeline(1);
const together = await embedder.embed(texts);
const difference = Math.max(
  ...together.flatMap((vector, text) => alone[text]!.map((value, i) => Math.abs(value - vector[i]!))),
);
const results: Record<Contender, { cpuMs: number; wallMs: number }>[] = [];
for (let round = 0; round < rounds; round++) {
  results.push({ pipeline: await timesOf('pipeline'), embedder: await timesOf('embedder') });
  console.error(JSON.stringify(results.at(-1)));
}

const ratios = (of: 'cpuMs' | 'wallMs') => results.map((round) => round.pipeline[of] / round.embedder[of]);
await saveFigure('embedding', {
  quick,
  rounds: results,
  rows: [
    judged('embedding', 'speed / `pipeline` at batch 32, CPU', ratios('cpuMs'), { atLeast: 2.5, digits: 2 }),
    judged('embedding', 'speed / `pipeline` at batch 32, wall', ratios('wallMs'), {
      atLeast: 2.5,
      digits: 2,
    }),
    judged('embedding', 'greatest difference of a component to one by one, millionths', [difference * 1e6], {
      atMost: 10,
      digits: 2,
    }),
    judged(
      'embedding',
      'CPU per text of 150 words on average',
      results.map(({ embedder: { cpuMs } }) => cpuMs / TEXTS),
      { digits: 1, unit: ' ms' },
    ),
  ],
});
