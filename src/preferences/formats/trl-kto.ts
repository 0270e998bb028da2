import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import { datasetsLine } from '../load-line.ts';
import type { PairFormat } from '../preference-format.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * KTO (Ethayarajh et al. 2024, arXiv 2402.01306) with TRL: single responses labelled good or bad,
 * `{ prompt, completion, label }`. Each record gives two rows, the preferred response first, so labels are balanced and
 * TRL's `desirable_weight` and `undesirable_weight` can stay at 1.
 *
 * Shuffle before training: TRL estimates its KL term by pairing each prompt with the completion of the previous row, and
 * the two rows of a record share their prompt.
 *
 * @example
 * ```ts
 * await new PreferenceExporter({ formats: [trlKto()] }).write(trees, 'data/');
 * ```
 *
 * @throws InvalidOptionError if `system` is empty.
 */
export function trlKto(options: FormatOptions = {}): PairFormat {
  refuseUnknownOptions('trlKto()', options, ['system']);
  const prompt = promptMessages(options);
  return {
    name: 'trl-kto',
    kind: 'pair',
    columns: { prompt: MESSAGES, completion: MESSAGES, label: 'boolean' },
    rows: (record) => [
      { prompt: prompt(record), completion: [assistant(record.preferred)], label: true },
      { prompt: prompt(record), completion: [assistant(record.rejected)], label: false },
    ],
    load: (files) =>
      datasetsLine(files, {
        more: '\n# Neighbours share a prompt, and TRL takes their completions as mismatched ones.\ndata = data.shuffle(seed=0)',
      }),
  };
}
