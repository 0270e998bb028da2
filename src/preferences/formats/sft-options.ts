import { InvalidOptionError } from '../../errors.ts';
import { checkChoice } from '../../internal/options.ts';
import type { DemonstrationFormat, GeneralChatUse } from '../preference-format.ts';
import type { FormatOptions } from './prompt-messages.ts';

/** What supervised fine-tuning trains on. The other choices than the defaults are the paper's ablations. */
export interface SftData {
  /**
   * Which responses to train on. `rejected` is the paper's check that the pairs are good: a model trained on rejected
   * responses must score lower. Default `preferred`.
   */
  readonly responses?: 'preferred' | 'rejected' | undefined;
  /**
   * What to do with the exporter's `mix`: `mixed` adds its rows, `none` leaves them out, `only` leaves out the conversations
   * and writes the very rows that `mixed` adds. Default `mixed`.
   */
  readonly generalChat?: GeneralChatUse | undefined;
}

/** Options of formats for supervised fine-tuning. */
export interface SftOptions extends FormatOptions, SftData {}

/** Names of {@link SftData}'s options. */
export const SFT_OPTIONS: readonly (keyof SftData)[] = ['responses', 'generalChat'];

/**
 * The kind of a format for supervised fine-tuning, and its name, which says what is not the default: `trl-sft-rejected`,
 * `trl-sft-unmixed`, `trl-sft-general`. So one export can write them all.
 *
 * @throws InvalidOptionError if an option is invalid, or if general chat data is to have rejected responses.
 */
export function sftFormat(
  name: string,
  options: SftData,
): Pick<DemonstrationFormat, 'name' | 'kind' | 'generalChat'> {
  const responses = checkChoice('responses', options.responses ?? 'preferred', ['preferred', 'rejected']);
  const generalChat = checkChoice('generalChat', options.generalChat ?? 'mixed', ['mixed', 'none', 'only']);
  if (responses === 'rejected' && generalChat === 'only') {
    throw new InvalidOptionError(
      'responses',
      '"preferred" for general chat data, which has no rejected responses',
      responses,
    );
  }
  const rejected = responses === 'rejected';
  const suffix = { mixed: '', none: '-unmixed', only: '-general' }[generalChat];
  return {
    name: `${name}${rejected ? '-rejected' : ''}${suffix}`,
    kind: rejected ? 'rejected-demonstration' : 'demonstration',
    generalChat,
  };
}
