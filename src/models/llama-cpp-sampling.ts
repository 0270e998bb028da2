/** How the next token is sampled, with llama.cpp's defaults. Without the first three, rare tokens derail a small model. */
export interface LlamaCppSampling {
  /** Samples from the `topK` most likely tokens only. Default 40. */
  readonly topK: number;
  /** Samples from the smallest set of most likely tokens whose total probability reaches this. Default 0.95. */
  readonly topP: number;
  /** Minimum probability of a token, relative to the most likely one. Default 0.05. */
  readonly minP: number;
  /** Penalises tokens that occurred before. 1 has no effect. Default 1.1. */
  readonly repeatPenalty: number;
  /** Penalises a token in proportion to how often it occurred. 0 has no effect. Default 0. */
  readonly frequencyPenalty: number;
  /** Penalises a token once if it occurred at all. 0 has no effect. Default 0. */
  readonly presencePenalty: number;
  /** Strength of the DRY penalty, 0 to 1, against repeating sequences of the prompt or the reply. Default 0. */
  readonly dryStrength: number;
}

/** JSON must repeat its braces and quotes. DRY is harmless, since it ends sequences at quotes and colons. */
const NO_PENALTIES = { repeatPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 } as const;

/** The sampling of llama.cpp itself. */
export const DEFAULT_SAMPLING: LlamaCppSampling = {
  ...NO_PENALTIES,
  topK: 40,
  topP: 0.95,
  minP: 0.05,
  repeatPenalty: 1.1,
  dryStrength: 0,
};

/** Without these, a model of 135 million parameters repeats its last sentence for ever. */
export const SMALL_MODEL_SAMPLING: Partial<LlamaCppSampling> = {
  repeatPenalty: 1.15,
  frequencyPenalty: 0.2,
  presencePenalty: 0.2,
  dryStrength: 0.8,
};

/** Converts to options of node-llama-cpp. Pass `json` for a reply that a grammar constrains. */
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
