import { memoryRun } from '../runs/run.ts';
import { type Demo, openDemo } from './open-demo.ts';
import { type PlayedStudy, playStudy } from './play-study.ts';

/** Plays the study from its recording, without a run directory. */
export async function replayStudy(
  signal?: AbortSignal,
): Promise<PlayedStudy & Pick<Demo, 'recorded' | 'seed'>> {
  const { model, seed, pool, recorded } = await openDemo();
  const run = memoryRun({ seed });
  const models = {
    generator: model,
    user: model,
    inducer: model,
    preferred: model,
    rejected: model,
    bare: model,
    adaptive: model,
    judge: model,
  };
  const study = await playStudy(run, models, { embedder: pool.embedder, signal });
  await run.close();
  return { ...study, recorded, seed };
}
