/** How the next token is drawn. The defaults are llama.cpp's own: without the first three, rare tokens derail a small model. */
export interface LlamaCppSampling {
  /** Only the `topK` likeliest tokens. Default 40. */
  readonly topK: number;
  /** Only the likeliest tokens that together reach this probability. Default 0.95. */
  readonly topP: number;
  /** Only tokens at least this likely, relative to the likeliest. Default 0.05. */
  readonly minP: number;
  /** Divides the likelihood of a token that occurred before; 1 does nothing. Default 1.1. */
  readonly repeatPenalty: number;
  /** Lowers a token's likelihood by how often it occurred; 0 does nothing. Default 0. */
  readonly frequencyPenalty: number;
  /** Lowers a token's likelihood when it occurred at all; 0 does nothing. Default 0. */
  readonly presencePenalty: number;
  /** Strength, 0 to 1, against repeating whole sequences of the prompt or the reply (DRY). Default 0. */
  readonly dryStrength: number;
}

/** JSON must repeat its braces and quotes. DRY may stay: it takes quotes and colons for the ends of a sequence. */
const NO_PENALTIES = { repeatPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 } as const;

export const DEFAULT_SAMPLING: LlamaCppSampling = {
  ...NO_PENALTIES,
  topK: 40,
  topP: 0.95,
  minP: 0.05,
  repeatPenalty: 1.1,
  dryStrength: 0,
};

/** Options of node-llama-cpp for a reply; `json` for one that a grammar binds. */
export function samplers(sampling: LlamaCppSampling, json: boolean): object {
  const { topK, topP, minP, repeatPenalty, frequencyPenalty, presencePenalty, dryStrength } = json
    ? { ...sampling, ...NO_PENALTIES }
    : sampling;
  const penalised = repeatPenalty !== 1 || frequencyPenalty !== 0 || presencePenalty !== 0;
  return {
    topK,
    topP,
    minP,
    repeatPenalty: penalised && {
      penalty: repeatPenalty,
      frequencyPenalty,
      presencePenalty,
      lastTokens: 128,
    },
    ...(dryStrength > 0 && { dryRepeatPenalty: { strength: dryStrength, allowedLength: 3 } }),
  };
}
