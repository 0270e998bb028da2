import { estimateRun } from '../estimate/estimate-run.ts';
import type { PlannedVerification } from '../estimate/play-verification.ts';
import type { RunEstimate } from '../estimate/run-estimate.ts';
import { growScalars } from '../personas/grow-options.ts';
import { pairingScalars } from '../personas/persona-pool.ts';
import { evaluatedCandidates, evaluatorOptions } from './evaluate.ts';
import { growthOptions, knownPool, pickPersonas, readPool } from './grow-personas.ts';
import type { Pipeline } from './pipeline.ts';
import { builderOptions, verifyOptions } from './simulate.ts';

/** The stages of a pipeline that call models. */
export type PaidStage = 'personas' | 'conversations' | 'evaluation';

/**
 * Estimates what the stages of a pipeline cost, without calling a model. What the run holds already is left out.
 *
 * @param stages Default: all three.
 * @param verified Conversations that exist and are to be verified. Default: none.
 */
export async function estimatePipeline(
  pipeline: Pipeline,
  stages: readonly PaidStage[] = ['personas', 'conversations', 'evaluation'],
  verified?: Pick<PlannedVerification, 'conversations' | 'pairs'>,
): Promise<RunEstimate> {
  const grows = stages.includes('personas') && pipeline.config.personas?.pool === undefined;
  const isSimulated = stages.includes('conversations');
  // Without growing, the pool is there already.
  const pool = isSimulated ? await (grows ? knownPool(pipeline) : readPool(pipeline)) : null;
  return estimateRun({
    growth: grows ? growthOptions(pipeline) : undefined,
    conversations: isSimulated
      ? {
          ...builderOptions(pipeline),
          verify: pipeline.config.conversations?.verify === true ? verifyOptions(pipeline) : undefined,
          personas: pool === null ? plannedPersonas(pipeline) : pickPersonas(pipeline, pool),
        }
      : undefined,
    evaluation: stages.includes('evaluation')
      ? { ...(await evaluatorOptions(pipeline)), candidates: await evaluatedCandidates(pipeline) }
      : undefined,
    verification: verified && { ...verifyOptions(pipeline), ...verified },
    prices: pipeline.config.prices,
  });
}

/** How many personas there will be, if the pool reaches its size. */
function plannedPersonas({ config }: Pipeline): number {
  const { profiles, personalitiesPerProfile } = config.personas ?? {};
  return (
    config.conversations?.personas ??
    growScalars.profiles(profiles, 'personas.profiles') *
      pairingScalars.personalitiesPerProfile(personalitiesPerProfile, 'personas.personalitiesPerProfile')
  );
}
