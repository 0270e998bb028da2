import { InvalidOptionError } from '../../errors.ts';
import { nearest } from '../../internal/nearest.ts';
import { checkNumber } from '../../internal/options.ts';
import type { JsonValue } from '../../json-value.ts';
import { DPO_OPTIONS, SFT_OPTIONS, SHARED_OPTIONS } from './trainer-option-names.ts';
import type { TrainingStage } from './training-job.ts';

/** Set elsewhere: a second value would contradict the job's directory, or be silently dropped. */
const SET_ELSEWHERE: Readonly<Record<string, string>> = {
  model_name_or_path: 'base',
  output_dir: 'the job',
  resume_from_checkpoint: 'the job',
  config: 'the job',
  // TRL would set these variables, also those that decide which code runs.
  env: "the job's environment",
  // It would be stored in plain text in the job's directory, and a dry run would print it.
  hub_token: 'HF_TOKEN in the environment of the machine that trains',
  // As TRL's scripts do.
  model_init_kwargs: 'TRL, from dtype, attn_implementation and model_revision',
};

/** Options of TRL's scripts for other data than the job's files. */
const OTHER_DATA =
  /^(?:datasets|dataset_(?:name|config|streaming|(?:train|test)_split)|streaming|test_split_size)$/;

/** Anything else could mean more to a reader of YAML than a name. */
const OPTION_NAME = /^[a-z]\w*$/i;

/** It executes Python from the model's repository. Merging adapters and `doctor` do not support such models anyway. */
const RUNS_CODE = 'trust_remote_code';

/** Attention of transformers itself. Anything with a `/` names a repository of compiled code, which it would load. */
const KNOWN_ATTENTION = /^(?:[^/]*|(?:paged\|)?kernels-community\/[^/]+)$/;

/** Options that older guides use, and what replaced them. */
const GONE: Readonly<Record<string, string>> = {
  max_seq_length: 'It is now called "max_length".',
  max_prompt_length: 'TRL 0.29 removed it. Drop rows with long prompts before training.',
  max_completion_length: 'TRL 0.29 removed it. Use "max_length".',
  evaluation_strategy: 'It is now called "eval_strategy".',
  warmup_ratio: 'Use "warmup_steps": a value below 1 is a share of the training.',
  rpo_alpha: 'Use "loss_type": ["sigmoid", "sft"] and "loss_weights": [1, alpha].',
};

const OPTION_NAMES: Readonly<Record<TrainingStage['method'], readonly string[]>> = {
  sft: [...SHARED_OPTIONS, ...SFT_OPTIONS],
  dpo: [...SHARED_OPTIONS, ...DPO_OPTIONS],
};

/**
 * Checks options of `trl`, so that a typo is found now and not hours later on a GPU. A name that resembles no known option
 * may be one of a newer TRL: the doctor asks the TRL that will train.
 *
 * @param where the option that holds them, for errors: `dpoOptions`.
 * @throws InvalidOptionError for a name close to a known one, gone, or known to the other method only; for NaN and infinite
 * numbers.
 */
export function checkTrainerOptions(
  where: string,
  method: TrainingStage['method'],
  options: Readonly<Record<string, JsonValue>>,
): void {
  const known = OPTION_NAMES[method];
  for (const [name, value] of Object.entries(options)) {
    if (!OPTION_NAME.test(name)) throw new InvalidOptionError(where, 'names of options', name);
    const owner = OTHER_DATA.test(name) ? "the job's data files" : SET_ELSEWHERE[name];
    if (owner !== undefined) {
      throw new InvalidOptionError(where, `no "${name}": it is set by ${owner}`, name);
    }
    if (name === RUNS_CODE) {
      throw new InvalidOptionError(
        where,
        `no "${name}": it would run code from the model's repository`,
        name,
        {
          hint: 'Use a model that transformers supports by itself.',
        },
      );
    }
    if (name === 'attn_implementation' && !(typeof value === 'string' && KNOWN_ATTENTION.test(value))) {
      throw new InvalidOptionError(
        where,
        `as "${name}" one that transformers has, or a repository of kernels-community`,
        value,
      );
    }
    if (typeof value === 'number') checkNumber(`${where}.${name}`, value);
    if (known.includes(name)) continue;
    const hint = GONE[name] ?? correction(name, known, Math.max(1, Math.floor(name.length / 5)));
    const isElsewhere = Object.values(OPTION_NAMES).some((names) => names.includes(name));
    if (hint !== undefined || isElsewhere) {
      throw new InvalidOptionError(where, `options of trl ${method}`, name, { hint });
    }
  }
}

/** The options that a TRL with the options `known` refuses, each with what was perhaps meant. */
export function refusedOptions(
  options: Readonly<Record<string, JsonValue>>,
  known: readonly string[],
): { readonly name: string; readonly hint: string | undefined }[] {
  return Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => ({ name, hint: correction(name, known, Math.ceil(name.length / 2)) }));
}

function correction(name: string, known: readonly string[], maxEdits: number): string | undefined {
  const meant = nearest(name, known, maxEdits);
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
}
