import type { ArgDef, BooleanArgDef, StringArgDef } from 'citty';
import type { AloeConfig } from '../../config/config.ts';
import { checkConfig } from '../../config/read-config.ts';
import { type ConfigFlags, type ConfigSection, configFlags } from './config-flags.ts';
import { findConfig } from './find-config.ts';
import { type OpenStudyOptions, type Study, withConfig } from './with-config.ts';

/** The flags of every verb that works on a config, beside those of the config's options. */
export const studyArgs: {
  readonly config: StringArgDef;
  readonly 'models-dir': StringArgDef;
  readonly offline: BooleanArgDef;
  readonly yes: BooleanArgDef;
} = {
  config: {
    type: 'string',
    valueHint: 'FILE',
    description:
      'Config file: .yaml, .json or .ts (default: ALOE_CONFIG, else aloe.config.* here). Flags override it.',
  },
  'models-dir': {
    type: 'string',
    valueHint: 'DIR',
    description: 'Directory for the embedded weights (default: the user cache).',
  },
  offline: { type: 'boolean', description: 'Never download weights.' },
  yes: { type: 'boolean', description: 'Start a large run of paid models without a budget.' },
};

/** The flags of a verb that works on some sections of a config. */
export function studyFlags(sections: readonly ConfigSection[]): Readonly<Record<string, ArgDef>> {
  return { ...configFlags(sections).args, ...studyArgs };
}

/** What a verb does with a config. */
export interface StudyOptions extends OpenStudyOptions {
  /** The sections whose options are flags of the verb. */
  readonly sections: readonly ConfigSection[];
}

/** The config that a verb's flags name and change. */
export async function readStudyConfig(
  flags: ConfigFlags,
  args: object,
): Promise<{ config: AloeConfig; path: string | null }> {
  const given = args as Readonly<Record<string, unknown>>;
  const { config, path } = await findConfig(given.config as string | undefined);
  const changed = flags.apply(config, given);
  return { config: checkConfig(changed, path ?? 'the flags'), path };
}

/** Opens the config that a verb's flags name, runs `work` with it, and closes it. */
export async function withStudy<Value>(
  options: StudyOptions,
  work: (study: Study) => Promise<Value>,
): Promise<Value> {
  const { config } = await readStudyConfig(configFlags(options.sections), options.args);
  return withConfig(config, options, work);
}
