import type { AloeConfig } from '../../config/config.ts';
import type { LivePageServer } from '../../control/page-server.ts';
import { describeEstimate } from '../../estimate/describe-estimate.ts';
import type { PlannedVerification } from '../../estimate/play-verification.ts';
import type { RunEstimate } from '../../estimate/run-estimate.ts';
import { DEFAULT_RUN } from '../../pipeline/default-run.ts';
import { estimatePipeline, type PaidStage } from '../../pipeline/estimate-pipeline.ts';
import { openPipeline } from '../../pipeline/open-pipeline.ts';
import type { Pipeline, PipelineModelRole, PipelinePart } from '../../pipeline/pipeline.ts';
import { displayedPlace } from '../../runs/postgres-url.ts';
import { describeChangedWeights } from '../changed-weights.ts';
import { type FlaggedModel, inConfig, inFlags, resumeFlags } from '../choose-model.ts';
import { commandControl } from '../command-control.ts';
import { unusableRun } from '../command-run.ts';
import { type CostInJson, CostReport } from '../cost.ts';
import { readLivePort, showLivePage } from '../live-page.ts';
import { refuseMissing } from '../missing-parts.ts';
import { type ProgressDisplay, showProgress } from '../progress-display.ts';
import { showWeights } from '../pull-with-progress.ts';
import { checkRebought } from '../rebought.ts';
import { checkSpending, describeUnpriced } from './check-spending.ts';
import { missingForConfig } from './missing-for-config.ts';
import { plannedTotal } from './planned-total.ts';
import { weightsPlace } from './weights-place.ts';

/** How a verb opens a config. */
export interface OpenStudyOptions {
  /** What to open. */
  readonly parts: readonly PipelinePart[];
  /** Whether this process only takes part in what another one has begun. Default false. */
  readonly takesPart?: boolean | undefined;
  /** Conversations and cases to come, for the progress. Default: what the config plans. */
  readonly total?: number | undefined;
  /** As the verb got them. */
  readonly args: object;
  /** Roles whose served models still have the same weights. Default: what the config says. */
  readonly sameModel?: readonly PipelineModelRole[] | undefined;
  /** The models that have flags of their own about their weights. Default: `--same-model` is about all of them. */
  readonly flagged?: ((pipeline: Pipeline) => readonly FlaggedModel[]) | undefined;
  /** Whether a large run of paid models may start without a budget. Default: with `--yes`. */
  readonly unasked?: boolean | undefined;
  /** Only look at the run, which is not even created. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Where caveats about the models are printed: after the costs, or by the verb with its results. Default `costs`. */
  readonly notes?: 'costs' | 'results' | undefined;
  readonly signal: AbortSignal;
  resumeWith(hint: string): void;
}

/** An opened config, with what a verb shows of it. */
export interface Study {
  readonly pipeline: Pipeline;
  readonly display: ProgressDisplay;
  /** ` with --same-model`: what the command needs besides to be run again. Empty for nothing. */
  readonly resumeFlags: string;
  /** Estimates stages, says so on stderr, and refuses what nobody would want to pay for by accident. */
  estimate(
    stages: readonly PaidStage[],
    verified?: Pick<PlannedVerification, 'conversations' | 'pairs'>,
  ): Promise<RunEstimate>;
  /** Says an estimate on stderr, and refuses what nobody would want to pay for by accident. */
  accept(estimate: RunEstimate): void;
  /** Caveats about the models. Empty for none. */
  readonly note: string;
  /** Says on stderr what the calls so far cost, with the caveats about the models, and returns it for `--json`. */
  cost(): CostInJson;
}

/** Default of `maxRebought`: how many calls may be bought again because a prompt or model changed. */
const MAX_REBOUGHT = 20;

/** Opens a config, runs `work` with it, and closes it. What is missing is named before anything is opened. */
export async function withConfig<Value>(
  config: AloeConfig,
  options: OpenStudyOptions,
  work: (study: Study) => Promise<Value>,
): Promise<Value> {
  const { parts, signal, sameModel, readOnly } = options;
  const args = options.args as Readonly<Record<string, unknown>>;
  const { modelsDir, offline } = weightsPlace(args);
  const livePort = readLivePort(args);
  refuseMissing(missingForConfig(config, parts, { modelsDir, offline }), { modelsDir });

  const start = performance.now();
  const progress = { total: options.total ?? plannedTotal(config, parts), prices: config.prices };
  const display = showProgress(progress);
  const control = commandControl(config.run ?? DEFAULT_RUN, display, progress);
  const weights = showWeights();
  const pipeline = await openPipeline(config, {
    parts,
    sameModel,
    keepsRecipe: options.takesPart !== true,
    modelsDir,
    offline,
    readOnly,
    signal,
    onEvent: control.take,
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
  options.resumeWith(
    `Run the same command again${withFlags} to resume (${displayedPlace(config.run ?? DEFAULT_RUN)}).`,
  );
  const report = new CostReport(run, display.say, start);
  const note = [...new Set(models.map((opened) => opened.note))].filter((own) => own !== '').join('\n');
  const forget = onAbort(pipeline, display);
  let page: LivePageServer | undefined;
  try {
    const source = await control.listen(run);
    if (source !== null && livePort !== undefined) {
      page = await showLivePage(files.dir, source, livePort, display, 'live-port');
    }
    // Refuses weights that may be new, before anything is said of stored answers.
    for (const opened of models) {
      if (opened.warning !== undefined) display.say(opened.warning);
      run.model(opened.model);
      const caveat = describeChangedWeights(opened, run);
      if (caveat !== '') display.say(caveat);
    }
    const unpriced = describeUnpriced(pipeline);
    if (unpriced !== '') display.say(unpriced);
    const accept = (estimate: RunEstimate) => {
      display.say(describeEstimate(estimate));
      checkRebought(estimate, config.maxRebought ?? MAX_REBOUGHT, files.dir);
      if (!(options.unasked ?? args.yes === true)) checkSpending(estimate, pipeline);
    };
    return await work({
      pipeline,
      display,
      resumeFlags: withFlags,
      async estimate(stages, verified) {
        const estimate = await estimatePipeline(pipeline, stages, verified);
        accept(estimate);
        return estimate;
      },
      accept,
      note,
      cost() {
        const said = report.say();
        if (note !== '' && options.notes !== 'results') display.say(note);
        return said;
      },
    });
  } catch (error) {
    throw inConfig(inFlags(error, flagged));
  } finally {
    forget();
    page?.close();
    display.stop();
    await pipeline.close();
    report.sayAtEnd();
  }
}

/** A server of one's own may have new weights by the time a command is run again. */
function sameModelFlag({ config, models }: Pipeline): string {
  const isServed = models.some(({ model }) => model.server?.stable === false);
  return isServed && config.sameModel !== true ? ' --same-model' : '';
}

/** Says on the first Ctrl-C how many paid calls are waited for. Returns a function that ends this. */
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
