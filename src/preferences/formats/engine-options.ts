import { InvalidOptionError } from '../../errors.ts';
import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import type { JsonValue } from '../../json-value.ts';
import type { FormatFiles } from '../preference-format.ts';
import { SFT_OPTIONS, type SftOptions } from './sft-options.ts';

/** Options of formats that also write a trainer's configuration. */
export interface EngineOptions extends SftOptions {
  /** Supervised fine-tuning, or direct preference optimisation. */
  readonly method: 'sft' | 'dpo';
  /** The model to train: a name on the Hugging Face hub, or the path of a directory. */
  readonly base: string;
  /** Longest training row in tokens of the base model. Default 8192, as in the paper. */
  readonly maxLength?: number | undefined;
  /** Entries to add to the configuration file, or replace in it, under the trainer's own names. Default: none. */
  readonly settings?: Readonly<Record<string, JsonValue>> | undefined;
}

/** Applies defaults. @throws InvalidOptionError naming the first invalid option. */
export function checkEngineOptions(
  owner: string,
  options: EngineOptions,
  further: readonly string[] = [],
): Required<Pick<EngineOptions, 'method' | 'base'>> & {
  readonly maxLength: number;
  readonly settings: Readonly<Record<string, JsonValue>>;
} {
  const method = checkChoice('method', options.method, ['sft', 'dpo']);
  const known = ['system', 'method', 'base', 'maxLength', 'settings', ...further];
  refuseUnknownOptions(owner, options, method === 'sft' ? [...known, ...SFT_OPTIONS] : known);
  const { base } = options;
  if (typeof base !== 'string' || base.trim() === '') {
    throw new InvalidOptionError('base', 'a model name or the path of a model directory', base);
  }
  return {
    base,
    method,
    maxLength: checkNumber('maxLength', options.maxLength ?? 8192, { min: 1, integer: true }),
    settings: options.settings ?? {},
  };
}

/** The base of a format's file names, without split and extension. */
export function stem({ train }: FormatFiles): string {
  return train.replace(/\.train\.[a-z]+$/, '');
}
