import { assistant } from '../../messages.ts';
import { MESSAGES } from '../columns.ts';
import { datasetsLine } from '../load-line.ts';
import type { PairFormat } from '../preference-format.ts';
import { type FormatOptions, promptMessages } from './prompt-messages.ts';

/**
 * KTO (Ethayarajh et al. 2024, arXiv 2402.01306) with TRL: each response by itself with a thumb up or down,
 * `{ prompt, completion, label }`. A record gives two rows, the preferred response first, so the labels are balanced
 * and TRL's `desirable_weight` and `undesirable_weight` can stay at 1.
 *
 * Shuffle before training: TRL takes the completion of the row before as the mismatched one of its KL term, in the
 * order of the file, and these two rows share their prompt.
 *
 * @throws InvalidOptionError when `system` is empty.
 */
export function trlKto(options: FormatOptions = {}): PairFormat {
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
