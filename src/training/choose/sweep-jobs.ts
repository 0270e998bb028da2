import { InvalidOptionError } from '../../errors.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import type { JsonValue } from '../../json-value.ts';
import { type InteractToAlignOptions, interactToAlign } from '../job/interact-to-align.ts';
import type { TrainingJob } from '../job/training-job.ts';

/** Values to try, by option of TRL. */
export type SweepValues = Readonly<Record<string, readonly JsonValue[]>>;

/** What {@link sweepJobs} varies. */
export interface Sweep {
  /** Options of `trl sft`. Default: none. */
  readonly sftOptions?: SweepValues | undefined;
  /** Options of `trl dpo`. Default: none. */
  readonly dpoOptions?: SweepValues | undefined;
}

/**
 * Makes a job for each combination of values, for {@link chooseCheckpoint}. Each is named after its values.
 *
 * @example
 * ```ts
 * import { sweepJobs } from 'aloe-align/training';
 *
 * const jobs = await sweepJobs(
 *   { base: 'Qwen/Qwen3-0.6B', sft: 'data/trl-sft.train.jsonl', dpo: 'data/trl-dpo.train.jsonl', checkpoints: 4 },
 *   { dpoOptions: { learning_rate: [5e-6, 1e-5], beta: [0.1, 0.5] } },
 * ); // 4 jobs
 * ```
 *
 * @throws InvalidOptionError if nothing varies, a list is empty, or as `interactToAlign`.
 */
export async function sweepJobs(base: InteractToAlignOptions, sweep: Sweep): Promise<TrainingJob[]> {
  checkKnownOptions<Sweep>('sweepJobs()', sweep, { sftOptions: true, dpoOptions: true });
  const varied = (['sftOptions', 'dpoOptions'] as const).flatMap((of) =>
    Object.entries(sweep[of] ?? {}).map(([option, values]) => ({ of, option, values })),
  );
  if (varied.length === 0) throw new InvalidOptionError('sweep', 'values to try, by option', sweep);
  let all: readonly InteractToAlignOptions[] = [base];
  for (const { of, option, values } of varied) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new InvalidOptionError(`${of}.${option}`, 'a list of values to try', values);
    }
    all = all.flatMap((options) =>
      values.map((value: JsonValue) => ({
        ...options,
        [of]: { ...options[of], [option]: value },
        name: `${options.name ?? 'aloe'} ${of.slice(0, 3)} ${option}=${JSON.stringify(value)}`,
      })),
    );
  }
  return Promise.all(all.map((options) => interactToAlign(options)));
}
