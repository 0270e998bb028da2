import type { ArgDef, BooleanArgDef, StringArgDef } from 'citty';
import type { AloeConfig } from '../../config/config.ts';
import { checkConfig } from '../../config/read-config.ts';
import { InvalidOptionError } from '../../errors.ts';
import { describeEstimate } from '../../estimate/describe-estimate.ts';
import type { RunEstimate } from '../../estimate/run-estimate.ts';
import { counted } from '../../internal/format.ts';
import { candidatesOf } from '../../pipeline/candidates.ts';
import { estimatePipeline, type PaidStage } from '../../pipeline/estimate-pipeline.ts';
import { DEFAULT_RUN, openPipeline } from '../../pipeline/open-pipeline.ts';
import type { Pipeline, PipelineModelRole, PipelinePart } from '../../pipeline/pipeline.ts';
import { describeChangedWeights } from '../changed-weights.ts';
import { type FlaggedModel, inConfig, inFlags, resumeFlags } from '../choose-model.ts';
import { type CostInJson, costInJson } from '../cost.ts';
import { refuseMissing } from '../missing-parts.ts';
import { unusableRun } from '../open-command-run.ts';
import { type ProgressDisplay, showProgress } from '../progress-display.ts';
import { showWeights } from '../pull-with-progress.ts';
import { describeCost } from '../quickstart-report.ts';
import { checkRebought } from '../rebought.ts';
import { type ConfigFlags, type ConfigSection, configFlags } from './config-flags.ts';
import { findConfig } from './find-config.ts';
import { missingForConfig } from './missing-for-config.ts';

/** The flags of every verb that works on a config, beside those of the config's options. */
export const studyArgs: {
  readonly config: StringArgDef;
  readonly 'models-dir': StringArgDef;
  readonly offline: BooleanArgDef;
  readonly yes: BooleanArgDef;
} = {
  config: {
    type: 'string',
    valueHint: 'FILE',
    description:
      'Config file: .yaml, .json or .ts (default: ALOE_CONFIG, else aloe.config.* here). Flags override it.',
  },
  'models-dir': {
    type: 'string',
    valueHint: 'DIR',
    description: 'Directory for the embedded weights (default: the user cache).',
  },
  offline: { type: 'boolean', description: 'Never download weights.' },
  yes: { type: 'boolean', description: 'Start a large run of paid models without a budget.' },
};

/** The flags of a verb that works on some sections of a config. */
export function studyFlags(sections: readonly ConfigSection[]): Readonly<Record<string, ArgDef>> {
  return { ...configFlags(sections).args, ...studyArgs };
}

/** How a verb opens a config. */
export interface OpenStudyOptions {
  /** What to open. */
  readonly parts: readonly PipelinePart[];
  /** As the verb got them. */
  readonly args: object;
  /** Roles whose served models still have the same weights. Default: what the config says. */
  readonly sameModel?: readonly PipelineModelRole[] | undefined;
  /** The models that have flags of their own about their weights. Default: `--same-model` is about all of them. */
  readonly flagged?: ((pipeline: Pipeline) => readonly FlaggedModel[]) | undefined;
  /** Whether a large run of paid models may start without a budget. Default: with `--yes`. */
  readonly unasked?: boolean | undefined;
  /** Where caveats about the models are printed: after the costs, or by the verb with its results. Default `costs`. */
  readonly notes?: 'costs' | 'results' | undefined;
  readonly signal: AbortSignal;
  resumeWith(hint: string): void;
}

/** What a verb does with a config. */
export interface StudyOptions extends OpenStudyOptions {
  /** The sections whose options are flags of the verb. */
  readonly sections: readonly ConfigSection[];
}

/** An opened config, with what a verb shows of it. */
export interface Study {
  readonly pipeline: Pipeline;
  readonly display: ProgressDisplay;
  /** ` with --same-model`: what the command needs besides to be run again. Empty for nothing. */
  readonly resumeFlags: string;
  /** Estimates stages, says so on stderr, and refuses what nobody would want to pay for by accident. */
  estimate(stages: readonly PaidStage[]): Promise<RunEstimate>;
  /** Caveats about the models. Empty for none. */
  readonly note: string;
  /** Says on stderr what the calls so far cost, with the caveats about the models, and returns it for `--json`. */
  cost(): CostInJson;
}

/** Larger runs of paid models need a budget, or `--yes`: at the default sizes they cost hundreds of dollars. */
const MAX_UNASKED_CALLS = 2_000;

/** Without `maxRebought`, so many calls may be bought again because a prompt or model changed. */
const MAX_REBOUGHT = 20;

/** The config that a verb's flags name and change. */
export async function readStudyConfig(
  flags: ConfigFlags,
  args: object,
): Promise<{ config: AloeConfig; path: string | null }> {
  const given = args as Readonly<Record<string, unknown>>;
  const { config, path } = await findConfig(given.config as string | undefined);
  const changed = flags.apply(config, given);
  return { config: checkConfig(changed, path ?? 'the flags'), path };
}

/** Opens the config that a verb's flags name, runs `work` with it, and closes it. */
export async function withStudy<Value>(
  options: StudyOptions,
  work: (study: Study) => Promise<Value>,
): Promise<Value> {
  const { config } = await readStudyConfig(configFlags(options.sections), options.args);
  return withConfig(config, options, work);
}

/** Opens a config, runs `work` with it, and closes it. What is missing is named before anything is opened. */
export async function withConfig<Value>(
  config: AloeConfig,
  options: OpenStudyOptions,
  work: (study: Study) => Promise<Value>,
): Promise<Value> {
  const { parts, signal, sameModel } = options;
  const args = options.args as Readonly<Record<string, unknown>>;
  const modelsDir = args['models-dir'] as string | undefined;
  const offline = args.offline as boolean | undefined;
  refuseMissing(missingForConfig(config, parts, { modelsDir, offline }), { modelsDir });

  const start = performance.now();
  const display = showProgress({ total: plannedTotal(config, parts), prices: config.prices });
  const weights = showWeights();
  const pipeline = await openPipeline(config, {
    parts,
    sameModel,
    modelsDir,
    offline,
    signal,
    onEvent: display.take,
    onWeights: weights.take,
  })
    .catch((error: unknown) => {
      display.stop();
      throw unusableRun(inConfig(error));
    })
    .finally(weights.stop);
  const { run, models, files } = pipeline;
  const flagged = options.flagged?.(pipeline) ?? [];
  const flags = flagged.length > 0 ? resumeFlags(flagged, args) : sameModelFlag(pipeline);
  const withFlags = flags && ` with${flags}`;
  options.resumeWith(`Run the same command again${withFlags} to resume (${config.run ?? DEFAULT_RUN}).`);
  const note = [...new Set(models.map((opened) => opened.note))].filter((own) => own !== '').join('\n');
  const forget = onAbort(pipeline, display);
  try {
    // Refuses weights that may be new, before anything is said of stored answers.
    for (const opened of models) {
      if (opened.warning !== undefined) display.say(opened.warning);
      run.model(opened.model);
      const caveat = describeChangedWeights(opened, run);
      if (caveat !== '') display.say(caveat);
    }
    return await work({
      pipeline,
      display,
      resumeFlags: withFlags,
      async estimate(stages) {
        const estimate = await estimatePipeline(pipeline, stages);
        display.say(describeEstimate(estimate));
        checkRebought(estimate, config.maxRebought ?? MAX_REBOUGHT, files.dir);
        if (!(options.unasked ?? args.yes === true)) checkSpending(estimate, pipeline);
        return estimate;
      },
      note,
      cost() {
        const durationMs = performance.now() - start;
        display.say(describeCost(run.stats(), durationMs));
        if (note !== '' && options.notes !== 'results') display.say(note);
        return costInJson(run.stats(), durationMs);
      },
    });
  } catch (error) {
    throw inConfig(inFlags(error, flagged));
  } finally {
    forget();
    display.stop();
    await pipeline.close();
  }
}

/** A server of one's own may have new weights by the time a command is run again. */
function sameModelFlag({ config, models }: Pipeline): string {
  const isServed = models.some(({ model }) => model.server?.stable === false);
  return isServed && config.sameModel !== true ? ' --same-model' : '';
}

/** Says on the first Ctrl-C how many paid calls are waited for. Returns what ends that. */
function onAbort({ run, models, signal }: Pipeline, display: ProgressDisplay): () => void {
  const onStop = () => {
    display.stage = 'stopping';
    // Free calls abort at once; by the next tick only paid ones are left.
    setImmediate(() => {
      const { inFlight } = run.stats();
      if (inFlight > 0 && models.some(({ model }) => !model.free)) {
        display.say(`Waiting for paid calls in flight: ${inFlight}.`);
      }
    });
  };
  signal?.addEventListener('abort', onStop);
  return () => signal?.removeEventListener('abort', onStop);
}

/** Conversations and cases to come, for the progress. Undefined if the pool's size decides. */
function plannedTotal(config: Pipeline['config'], parts: readonly PipelinePart[]): number | undefined {
  const { personas } = config.conversations ?? {};
  const { cases = 100, repeats = 1 } = config.evaluation ?? {};
  const simulations = typeof cases === 'number' ? cases * repeats * candidatesOf(config).length : undefined;
  const counts = [parts.includes('preferred') ? personas : 0, parts.includes('candidates') ? simulations : 0];
  return counts.reduce(
    (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
    0,
  );
}

function checkSpending({ total }: RunEstimate, { config, models }: Pipeline): void {
  const { calls, usd } = total.typical;
  const { usd: maxUsd, tokens } = config.budget ?? {};
  const isPaid = models.some(({ model }) => model.free !== true);
  if (!isPaid || calls <= MAX_UNASKED_CALLS || maxUsd !== undefined || tokens !== undefined) return;
  const dollars = usd === null ? '' : `, about $${usd.toFixed(0)}`;
  throw new InvalidOptionError(
    `This would make about ${counted(calls, 'call')}${dollars}, without a budget.`,
    {
      hint: 'Make it smaller, set a budget (--budget-tokens N), or add --yes.',
    },
  );
}
