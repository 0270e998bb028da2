import type { AloeConfig } from '../config/config.ts';
import { checkChoice } from '../internal/options.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';

/** Sizes to reproduce a table with. `paper`: those of the paper. `small`: an hour or so with a small model on CPUs. */
export type ReproductionPreset = 'paper' | 'small';

/** Every preset. */
export const REPRODUCTION_PRESETS: readonly ReproductionPreset[] = ['paper', 'small'];

/** The paper's settings beside its sizes. */
const METHOD: AloeConfig = {
  conversations: { induction: 'previous-turns' },
  export: { minRevealed: 0, validationShare: 0 },
  evaluation: { rubric: 'paper', otherPersona: false },
};

const SIZES: Readonly<Record<ReproductionPreset, AloeConfig>> = {
  paper: {
    // The paper says 330 profiles; its code has 331, and only they give its number of conversations.
    personas: { profiles: 331, personalities: 71, personalitiesPerProfile: 10 },
    conversations: { personas: 3_310, turns: 10 },
    evaluation: { cases: 100, turns: 10 },
  },
  // Seeds only: a small model cannot write a pool.
  small: {
    personas: {
      profiles: seedProfiles.length,
      personalities: seedPersonalities.length,
      personalitiesPerProfile: 1,
    },
    conversations: { personas: 12, turns: 3, responses: { maxOutputTokens: 80 } },
    // A small model repeats itself and is cut off. Of so few pairs, none is left out for it.
    export: { keepTruncated: true, keep: ['repetition'] },
    evaluation: { cases: 6, turns: 3, judge: 'rules', responses: { maxOutputTokens: 80 } },
  },
};

/**
 * A config with the paper's sizes and settings wherever it says nothing: 331 profiles and 71 personalities, 3,310
 * conversations of 10 turns, 100 cases of 10 turns, induction from earlier turns, pairs with nothing revealed kept.
 *
 * @param preset Default `paper`.
 * @throws InvalidOptionError if there is no such preset.
 */
export function paperConfig(config: AloeConfig = {}, preset: ReproductionPreset = 'paper'): AloeConfig {
  checkChoice('preset', preset, REPRODUCTION_PRESETS);
  return overlay(overlay(METHOD, SIZES[preset]), config);
}

/** The sections of both, with what `over` says in place of what `under` says. */
function overlay(under: AloeConfig, over: AloeConfig): AloeConfig {
  return {
    ...under,
    ...over,
    personas: { ...under.personas, ...over.personas },
    conversations: { ...under.conversations, ...over.conversations },
    export: { ...under.export, ...over.export },
    evaluation: { ...under.evaluation, ...over.evaluation },
  };
}
