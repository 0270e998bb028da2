/** How one role's texts are generated. */
export interface GenerationSettings {
  /** Sampling temperature. */
  readonly temperature?: number | undefined;
  /** Upper bound of a text, in tokens. */
  readonly maxOutputTokens?: number | undefined;
}

/** How often a role is asked in all, before its conversation is given up. */
export const DEFAULT_ATTEMPTS = 3;
