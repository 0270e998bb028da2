import { InvalidOptionError } from '../errors.ts';
import { nearest } from '../internal/nearest.ts';
import { checkNumber } from '../internal/options.ts';
import { DPO_OPTIONS, SFT_OPTIONS, SHARED_OPTIONS, TRAINER_VERSION } from './trainer-option-names.ts';
import type { TrainerOption, TrainingStage } from './training-job.ts';

/** Set by others: a second value would part the config from the folder it is in, or be dropped without a word. */
const SET_ELSEWHERE: Readonly<Record<string, string>> = {
  model_name_or_path: 'base',
  output_dir: 'the job',
  resume_from_checkpoint: 'the job',
  // A secret would lie in plain text in the job's folder and in what a dry run prints.
  hub_token: 'the environment of the machine that trains, as HF_TOKEN',
  // Seen in TRL 1.13's scripts.
  model_init_kwargs: 'TRL, from dtype, attn_implementation, model_revision and trust_remote_code',
};

/** What older guides still name, and what became of it. */
const GONE: Readonly<Record<string, string>> = {
  max_seq_length: 'It is "max_length" now.',
  max_prompt_length: 'TRL 0.29 removed it: leave out rows whose prompt is too long before training.',
  max_completion_length: 'TRL 0.29 removed it: use "max_length".',
  rpo_alpha: 'Use "loss_type": ["sigmoid", "sft"] and "loss_weights": [1, alpha].',
};

const OPTION_NAMES: Readonly<Record<TrainingStage['method'], readonly string[]>> = {
  sft: [...SHARED_OPTIONS, ...SFT_OPTIONS],
  dpo: [...SHARED_OPTIONS, ...DPO_OPTIONS],
};

/**
 * Makes sure that `trl` will take these options, so that a typo is found now and not on a GPU in the night.
 *
 * @param where names the options in the error, e.g. `dpoOptions`.
 * @throws InvalidOptionError with the nearest name there is; for a number that is none.
 */
export function checkTrainerOptions(
  where: string,
  method: TrainingStage['method'],
  options: Readonly<Record<string, TrainerOption>>,
): void {
  const known = OPTION_NAMES[method];
  for (const [name, value] of Object.entries(options)) {
    const owner = SET_ELSEWHERE[name];
    if (owner !== undefined) {
      throw new InvalidOptionError(where, `no "${name}", which is set by ${owner}`, name);
    }
    if (typeof value === 'number') checkNumber(`${where}.${name}`, value);
    if (known.includes(name)) continue;
    throw new InvalidOptionError(where, `options of trl ${method} (${TRAINER_VERSION})`, name, {
      hint: GONE[name] ?? `Did you mean "${nearest(name, known)}"?`,
    });
  }
}
