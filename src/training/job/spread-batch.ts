import { InvalidOptionError } from '../../errors.ts';
import type { JsonValue } from '../../json-value.ts';

type Options = Readonly<Record<string, JsonValue>>;

/**
 * Divides a preset's batch among processes, so that an optimizer step learns from as many rows on any number of GPUs. The user's own
 * micro batch changes the accumulation only; the user's own accumulation leaves all as given.
 *
 * @param option Name of the user's options, for errors: `sftOptions`.
 * @throws InvalidOptionError if the batch cannot be divided evenly.
 */
export function spreadBatch(option: string, preset: Options, own: Options, processes: number): Options {
  if (own.gradient_accumulation_steps !== undefined) return {};
  const usual = Number(preset.per_device_train_batch_size);
  const batch = usual * Number(preset.gradient_accumulation_steps);
  const given = own.per_device_train_batch_size;
  const candidates =
    typeof given === 'number' ? [given] : Array.from({ length: usual }, (_, taken) => usual - taken);
  const rows = candidates.find((rows) => batch % (rows * processes) === 0);
  if (rows !== undefined) {
    return { per_device_train_batch_size: rows, gradient_accumulation_steps: batch / (rows * processes) };
  }
  const each = typeof given === 'number' ? ` with ${given} in each` : '';
  throw new InvalidOptionError(
    `A step of ${batch} rows cannot be divided evenly among ${processes} ${processes === 1 ? 'process' : 'processes'}${each}.`,
    {
      hint: `Set ${option}.gradient_accumulation_steps: rows a step are per_device_train_batch_size x gradient_accumulation_steps x ${processes}.`,
    },
  );
}
