import { InvalidOptionError } from '../../errors.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import type { JsonValue } from '../../json-value.ts';
import type { FormatFiles } from '../preference-format.ts';
import type { FormatOptions } from './prompt-messages.ts';

/** What a format takes that writes a trainer's configuration beside the data. */
export interface EngineOptions extends FormatOptions {
  readonly method: 'sft' | 'dpo';
  /** The model to train: a name on the Hugging Face hub, or a folder. */
  readonly base: string;
  /** Longest training row in tokens of the base model. Default 8192, the paper's. */
  readonly maxLength?: number | undefined;
  /** Entries for the configuration file, by the trainer's own names; they replace those of the same name. Default: none. */
  readonly settings?: Readonly<Record<string, JsonValue>> | undefined;
}

/** The options with their defaults. @throws InvalidOptionError naming the first option that is wrong. */
export function checkEngineOptions(options: EngineOptions): Required<
  Pick<EngineOptions, 'method' | 'base'>
> & {
  readonly maxLength: number;
  readonly settings: Readonly<Record<string, JsonValue>>;
} {
  const { base } = options;
  if (typeof base !== 'string' || base.trim() === '') {
    throw new InvalidOptionError('base', 'a model name or the path of a model directory', base);
  }
  return {
    base,
    method: checkChoice('method', options.method, ['sft', 'dpo']),
    maxLength: checkNumber('maxLength', options.maxLength ?? 8192, { min: 1, integer: true }),
    settings: options.settings ?? {},
  };
}

/** What the files of a format are called, without split and ending. */
export function stem({ train }: FormatFiles): string {
  return train.replace(/\.train\.[a-z]+$/, '');
}
