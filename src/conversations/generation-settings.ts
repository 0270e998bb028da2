import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';

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

/** @throws InvalidOptionError naming the setting that is out of range. */
export function checkSettings(name: string, settings: GenerationSettings = {}): GenerationSettings {
  checkKnownOptions(name, settings, { temperature: true, maxOutputTokens: true });
  const { temperature, maxOutputTokens } = settings;
  if (temperature !== undefined) checkNumber(`${name}.temperature`, temperature, { min: 0 });
  if (maxOutputTokens !== undefined) {
    checkNumber(`${name}.maxOutputTokens`, maxOutputTokens, { min: 1, integer: true });
  }
  return settings;
}

/** Attempts per role before its conversation fails. */
export const DEFAULT_ATTEMPTS = 3;
