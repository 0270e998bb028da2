import { existsSync } from 'node:fs';
import { InvalidOptionError } from '../../errors.ts';
import { AloeEvaluator } from '../../evaluation/aloe-evaluator.ts';
import type { Candidate } from '../../evaluation/candidate.ts';
import type { EvaluationEvent } from '../../evaluation/evaluation-events.ts';
import type { AloeEvaluatorOptions } from '../../evaluation/evaluator-options.ts';
import { checkPath } from '../../internal/check-path.ts';
import { callback, checkKnownOptions } from '../../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../../internal/options.ts';
import type { Run } from '../../runs/run.ts';
import { defaultPython, programPath } from '../folder/setup-python.ts';
import { isFinal } from '../follow-training.ts';
import type { TrainingJob } from '../job/training-job.ts';
import { lazyModel } from '../serving/lazy-model.ts';
import { type OpenWeights, openServed } from '../serving/open-weights.ts';
import type { ServeModelOptions } from '../serving/serve-model.ts';
import type { TrainingBackend, TrainingHandle } from '../training-backend.ts';
import { checkpointCandidate } from './checkpoint-candidate.ts';
import {
  type CheckpointChoice,
  type MeasuredCheckpoint,
  rankCheckpoints,
  warnOfTestCases,
} from './checkpoint-choice.ts';
import type { Checkpoint } from './checkpoints.ts';
import { openCheckpoint, removeMerged } from './open-checkpoint.ts';
import { folderOf, watchCheckpoints } from './watch-checkpoints.ts';
import { writeWeights } from './write-weights.ts';

/** What {@link chooseCheckpoint} reports. */
export type ChooseEvent =
  /** A checkpoint is about to be measured. */
  | { readonly type: 'checkpoint-start'; readonly candidate: string; readonly checkpoint: Checkpoint }
  /** Its weights are needed: an adapter is merged, and a server started. */
  | { readonly type: 'checkpoint-open'; readonly candidate: string; readonly checkpoint: Checkpoint }
  /** It was measured. */
  | { readonly type: 'checkpoint-end'; readonly candidate: string; readonly measured: MeasuredCheckpoint }
  /** Alignment no longer improves: later checkpoints of the job are not measured, and a job in progress is cancelled. */
  | { readonly type: 'job-stopped'; readonly job: string; readonly stage: string; readonly step: number }
  /** The weights of the chosen one are about to be written. */
  | { readonly type: 'weights-start'; readonly candidate: string; readonly out: string }
  /** Progress of an evaluation. */
  | EvaluationEvent;

/** Options of {@link chooseCheckpoint}. */
export interface ChooseCheckpointOptions {
  /** Where the jobs were submitted, or are to be. Their directories must be readable on this machine. */
  readonly backend: TrainingBackend;
  /**
   * Jobs made with the option `checkpoints`, or handles of submitted ones. A job is submitted when those before it are measured.
   */
  readonly jobs: readonly (TrainingJob | TrainingHandle)[];
  /**
   * How alignment is measured: users, judge and the people to choose on, such as `validationCases()`. Never those you report
   * results on. Own minus other is not measured unless asked for.
   */
  readonly evaluation: Omit<AloeEvaluatorOptions, 'run' | 'onEvent'>;
  /** Keeps all answers, so that an interrupted choice continues where it was. Default: a run in memory. */
  readonly run?: Run | undefined;
  /** How every checkpoint is prompted. Default: with the conversation alone. */
  readonly candidate?: Pick<Candidate, 'prompt' | 'messages' | 'respond'> | undefined;
  /** The stage to choose in. Default: the job's last. */
  readonly stage?: string | undefined;
  /**
   * Stop after so many checkpoints of a job, one after the other, without a new highest level of that job. A job in
   * progress is then cancelled, if it is in the last stage. Default: measure all.
   */
  readonly patience?: number | undefined;
  /** A Python with TRL, to merge adapters and to serve. Default: the environment that `setupPython()` made, otherwise `python3`. */
  readonly python?: string | undefined;
  /** How weights are served. Default: `transformers serve`. */
  readonly serve?: Pick<ServeModelOptions, 'command' | 'port' | 'passEnv' | 'startTimeoutMs'> | undefined;
  /** Opens a directory of complete weights in another way than {@link serve}, such as in this process. */
  readonly open?: OpenWeights | undefined;
  /** Directory for the complete weights of the chosen checkpoint. It must not exist. Default: they are not written. */
  readonly out?: string | undefined;
  /** Time between two looks at a job in progress, in milliseconds. Default 5,000. */
  readonly pollMs?: number | undefined;
  /** Called with every event, for progress displays. */
  readonly onEvent?: ((event: ChooseEvent) => void) | undefined;
  /** Aborts the choice. Jobs go on. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Chooses the checkpoint that is aligned best, of one job or a sweep. Each is merged and served in turn, talks with
 * the validation people, and is judged. The highest average alignment level wins; of equal ones, the earliest. Every other
 * checkpoint is compared with it, person by person.
 *
 * Jobs in progress are watched: their checkpoints are measured as they appear.
 *
 * @example
 * ```ts
 * import { openRun } from 'aloe-align';
 * import { ruleCases, ruleJudge } from 'aloe-align/rules';
 * import { chooseCheckpoint, describeChoice, validationCases } from 'aloe-align/training';
 *
 * const choice = await chooseCheckpoint({
 *   backend,
 *   jobs: [job],
 *   run: await openRun('runs/choose'),
 *   evaluation: { user: gpt, judge: ruleJudge(), cases: ruleCases(await validationCases('runs/aloe/data')) },
 *   patience: 3,
 *   out: 'chosen',
 * });
 * console.log(describeChoice(choice));
 * ```
 *
 * @throws InvalidOptionError if an option is wrong; TrainingError if a job left no checkpoint, or one cannot be merged or
 * served. On abort, the signal's reason.
 */
export async function chooseCheckpoint(options: ChooseCheckpointOptions): Promise<CheckpointChoice> {
  const setting = checkChooseOptions(options);
  const { backend, jobs, evaluation, onEvent, pollMs, signal } = setting;
  const { stage, patience, out } = options;
  const evaluator = new AloeEvaluator({ otherPersona: false, ...evaluation, run: options.run, onEvent });
  const measured: MeasuredCheckpoint[] = [];
  const stopped: CheckpointChoice['stopped'][number][] = [];
  const folders = new Map<string, string>();

  for (const given of jobs) {
    const handle = given.schema === 'aloe-training-job/1' ? await backend.submit(given, { signal }) : given;
    const { job } = handle;
    const folder = folderOf(handle);
    folders.set(job.id, folder);
    await removeMerged(folder);
    let [best, worse] = [Number.NEGATIVE_INFINITY, 0];
    for await (const checkpoint of watchCheckpoints(backend, handle, { stage, pollMs, signal })) {
      const one = await measure(checkpoint, handle, evaluator, setting);
      measured.push(one);
      const level = one.result.average ?? Number.NEGATIVE_INFINITY;
      [best, worse] = level > best ? [level, 0] : [best, worse + 1];
      if (patience === undefined || worse < patience) continue;
      if (await stopTraining(handle, setting)) {
        stopped.push({ job: job.name, stage: one.stage, step: one.step });
        onEvent({ type: 'job-stopped', ...stopped.at(-1)! });
      }
      break;
    }
  }
  const ranking = rankCheckpoints(measured);
  const { chosen } = ranking;
  if (out !== undefined) {
    onEvent({ type: 'weights-start', candidate: checkpointCandidate(chosen.job, chosen).name, out });
    await writeWeights(chosen, out, { ...setting, folder: folders.get(chosen.job.id)! });
  }
  return { ...ranking, stopped, model: out ?? null, warnings: warnOfTestCases(evaluation.cases) };
}

type Setting = ReturnType<typeof checkChooseOptions>;

function checkChooseOptions(options: ChooseCheckpointOptions) {
  checkKnownOptions<ChooseCheckpointOptions>('chooseCheckpoint()', options, {
    backend: true,
    jobs: true,
    evaluation: true,
    run: true,
    candidate: true,
    stage: true,
    patience: true,
    python: true,
    serve: true,
    open: true,
    out: true,
    pollMs: true,
    onEvent: true,
    signal: true,
  });
  const { backend, jobs, evaluation, patience, out, serve = {}, signal } = options;
  checkMethod('backend', backend, 'submit', 'a training backend, such as local()');
  if (!Array.isArray(jobs) || jobs.length === 0)
    throw new InvalidOptionError('jobs', 'at least one job', jobs);
  if (typeof evaluation !== 'object' || evaluation === null) {
    throw new InvalidOptionError('evaluation', 'options of AloeEvaluator', evaluation);
  }
  if (patience !== undefined) checkNumber('patience', patience, { min: 1, integer: true });
  if (out !== undefined && existsSync(checkPath('out', out))) {
    throw new InvalidOptionError('out', 'a directory that does not exist yet', out);
  }
  const python = programPath(options.python ?? defaultPython());
  return {
    backend,
    jobs: jobs as ChooseCheckpointOptions['jobs'],
    evaluation,
    candidate: options.candidate ?? {},
    python,
    open: options.open ?? openServed({ ...serve, python }),
    pollMs: checkNumber('pollMs', options.pollMs ?? 5_000, { min: 0 }),
    onEvent: callback<(event: ChooseEvent) => void>(() => {})(options.onEvent, 'onEvent'),
    signal,
  };
}

async function measure(
  checkpoint: Checkpoint,
  handle: TrainingHandle,
  evaluator: AloeEvaluator,
  { backend, candidate, python, open, onEvent, signal }: Setting,
): Promise<MeasuredCheckpoint> {
  const { job } = handle;
  const { stage, step } = checkpoint;
  const { name, id } = checkpointCandidate(job, checkpoint);
  onEvent({ type: 'checkpoint-start', candidate: name, checkpoint });
  const failure = new AbortController();
  const both = AbortSignal.any([failure.signal, ...(signal ? [signal] : [])]);
  const served = lazyModel(
    id,
    () => {
      onEvent({ type: 'checkpoint-open', candidate: name, checkpoint });
      return openCheckpoint(checkpoint, { folder: folderOf(handle), python, open, signal });
    },
    (error) => failure.abort(error),
  );
  try {
    const result = await evaluator.evaluate({ ...candidate, name, model: served.model }, { signal: both });
    const metrics = await backend.metrics(handle, { signal });
    const evalLoss = metrics.findLast(
      (metric) => metric.stage === stage && metric.step === step && metric.values.eval_loss !== undefined,
    )?.values.eval_loss;
    const measured: MeasuredCheckpoint = { ...checkpoint, job, evalLoss: evalLoss ?? null, result };
    onEvent({ type: 'checkpoint-end', candidate: name, measured });
    return measured;
  } finally {
    await served.close();
  }
}

/** Cancels a job in progress. @returns whether it was. */
async function stopTraining(handle: TrainingHandle, { backend, signal }: Setting): Promise<boolean> {
  if (isFinal(await backend.status(handle, { signal }))) return false;
  await backend.cancel(handle, { signal });
  return true;
}
