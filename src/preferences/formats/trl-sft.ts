import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import type { DemonstrationFormat } from '../preference-format.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * Supervised fine-tuning with TRL: conversational prompt-completion rows, `{ prompt, completion }`. TRL trains on the
 * completion only, with any chat template. With whole `messages`, it would also train on the user's messages.
 *
 * @example
 * ```ts
 * await new PreferenceExporter({ formats: [trlSft(), trlDpo()] }).write(trees, 'data/');
 * ```
 *
 * @throws InvalidOptionError if `system` is empty.
 */
export function trlSft(options: FormatOptions = {}): DemonstrationFormat {
  refuseUnknownOptions('trlSft()', options, ['system']);
  const prompt = promptMessages(options);
  return {
    name: 'trl-sft',
    kind: 'demonstration',
    columns: { prompt: MESSAGES, completion: MESSAGES },
    rows: (record) => [{ prompt: prompt(record), completion: [assistant(record.preferred)] }],
  };
}
