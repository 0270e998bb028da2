import type { AloeConfig, ConfigFormat } from '../config/config.ts';
import { InvalidOptionError } from '../errors.ts';
import { axolotl } from '../preferences/formats/axolotl.ts';
import { llamaFactory } from '../preferences/formats/llama-factory.ts';
import { openaiPreference } from '../preferences/formats/openai-preference.ts';
import { openaiSft } from '../preferences/formats/openai-sft.ts';
import type { TrlOptions } from '../preferences/formats/prompt-messages.ts';
import { trlDpo } from '../preferences/formats/trl-dpo.ts';
import { trlKto } from '../preferences/formats/trl-kto.ts';
import { trlSft } from '../preferences/formats/trl-sft.ts';
import type { PreferenceFormat } from '../preferences/preference-format.ts';

const DEFAULT_FORMATS: readonly ConfigFormat[] = ['trl-sft', 'trl-dpo'];

/**
 * The formats that a config names.
 *
 * @throws InvalidOptionError if a format needs `training.base` and there is none.
 */
export function openFormats(config: AloeConfig): readonly PreferenceFormat[] {
  const base = () => {
    if (config.training?.base !== undefined) return config.training.base;
    throw new InvalidOptionError('training.base', 'the model that the files are to train', undefined);
  };
  const trl = { chatTemplateKwargs: config.export?.chatTemplateKwargs };
  return (config.export?.formats ?? DEFAULT_FORMATS).map((name) => FORMATS[name](base, trl));
}

const FORMATS: Readonly<Record<ConfigFormat, (base: () => string, trl: TrlOptions) => PreferenceFormat>> = {
  'axolotl-dpo': (base) => axolotl({ method: 'dpo', base: base() }),
  'axolotl-sft': (base) => axolotl({ method: 'sft', base: base() }),
  'llama-factory-dpo': (base) => llamaFactory({ method: 'dpo', base: base() }),
  'llama-factory-sft': (base) => llamaFactory({ method: 'sft', base: base() }),
  'openai-preference': () => openaiPreference(),
  'openai-sft': () => openaiSft(),
  'trl-dpo': (_, trl) => trlDpo(trl),
  'trl-kto': () => trlKto(),
  'trl-sft': (_, trl) => trlSft(trl),
};
