import { checkKnownOptions, number, optional, type Scalars, wholeNumber } from '../internal/option-checks.ts';

/** Generation settings of one role. */
export interface GenerationSettings {
  /** Sampling temperature. */
  readonly temperature?: number | undefined;
  /** Maximum length of a text, in tokens. */
  readonly maxOutputTokens?: number | undefined;
}

/** The settings of a user message, with their defaults: temperature 0.8, at most 300 tokens. */
export function userMessageSettings({ temperature, maxOutputTokens }: GenerationSettings): {
  readonly temperature: number;
  readonly maxOutputTokens: number;
} {
  return { temperature: temperature ?? 0.8, maxOutputTokens: maxOutputTokens ?? 300 };
}

/** The settings of {@link GenerationSettings}. */
export const generationScalars: Scalars<Record<'temperature' | 'maxOutputTokens', number | undefined>> = {
  temperature: optional(number({ min: 0 }, 0.7, 'Sampling temperature.')),
  maxOutputTokens: optional(wholeNumber({ min: 1 }, 300, 'Maximum length of a text, in tokens.')),
};

/** @throws InvalidOptionError naming the setting that is out of range. */
export function checkSettings(name: string, settings: GenerationSettings = {}): GenerationSettings {
  checkKnownOptions(name, settings, { temperature: true, maxOutputTokens: true });
  generationScalars.temperature(settings.temperature, `${name}.temperature`);
  generationScalars.maxOutputTokens(settings.maxOutputTokens, `${name}.maxOutputTokens`);
  return settings;
}

/** Attempts per role before its conversation fails. */
export const DEFAULT_ATTEMPTS = 3;
