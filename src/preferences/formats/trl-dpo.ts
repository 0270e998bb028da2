import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import type { PairFormat } from '../preference-format.ts';
import { promptMessages, type TrlOptions, templateKwargs } from './prompt-messages.ts';

/**
 * Direct preference optimisation with TRL: conversational rows with an explicit prompt, `{ prompt, chosen, rejected }`.
 * Each response is exactly one assistant message, because TRL trains on every token after the prompt, including those of
 * users.
 *
 * @example
 * ```ts
 * await new PreferenceExporter({ formats: [trlSft(), trlDpo()] }).write(trees, 'data/');
 * ```
 *
 * @throws InvalidOptionError if an option is invalid.
 */
export function trlDpo(options: TrlOptions = {}): PairFormat {
  refuseUnknownOptions('trlDpo()', options, ['system', 'chatTemplateKwargs']);
  const prompt = promptMessages(options);
  const { columns, values } = templateKwargs(options);
  return {
    name: 'trl-dpo',
    kind: 'pair',
    columns: { prompt: MESSAGES, chosen: MESSAGES, rejected: MESSAGES, ...columns },
    rows: (record) => [
      {
        prompt: prompt(record),
        chosen: [assistant(record.preferred)],
        rejected: [assistant(record.rejected)],
        ...values,
      },
    ],
  };
}
