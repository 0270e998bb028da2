import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import type { DemonstrationFormat } from '../preference-format.ts';
import { promptMessages, type TrlOptions, templateKwargs } from './prompt-messages.ts';
import { SFT_OPTIONS, type SftData, sftFormat } from './sft-options.ts';

/** Options of {@link trlSft}. */
export interface TrlSftOptions extends TrlOptions, SftData {}

/**
 * Supervised fine-tuning with TRL: conversational prompt-completion rows, `{ prompt, completion }`. TRL trains on the
 * completion only, with any chat template. With whole `messages`, it would also train on the user's messages.
 *
 * @example
 * ```ts
 * await new PreferenceExporter({ formats: [trlSft(), trlDpo()] }).write(trees, 'data/');
 * trlSft({ responses: 'rejected' }); // an ablation of the paper, in trl-sft-rejected.train.jsonl
 * ```
 *
 * @throws InvalidOptionError if an option is invalid.
 */
export function trlSft(options: TrlSftOptions = {}): DemonstrationFormat {
  refuseUnknownOptions('trlSft()', options, ['system', 'chatTemplateKwargs', ...SFT_OPTIONS]);
  const prompt = promptMessages(options);
  const { columns, values } = templateKwargs(options);
  return {
    ...sftFormat('trl-sft', options),
    columns: { prompt: MESSAGES, completion: MESSAGES, ...columns },
    rows: (record) => [{ prompt: prompt(record), completion: [assistant(record.preferred)], ...values }],
  };
}
