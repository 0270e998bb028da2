// What a block of code in the docs may use without making it: each is what the library calls by that name.

declare const run: import('aloe-align').Run;
declare const model: import('aloe-align').ChatModel;
declare const gpt: import('aloe-align').ChatModel;
declare const claude: import('aloe-align').ChatModel;
declare const embedder: import('aloe-align').Embedder;
declare const messages: import('aloe-align').Message[];
declare const pool: import('aloe-align').PersonaPool;
declare const builder: import('aloe-align').ConversationTreeBuilder;
declare const evaluator: import('aloe-align').AloeEvaluator;
declare const job: import('aloe-align/training').TrainingJob;
/** A row a case, a score a turn. */
declare const scores: readonly (readonly (number | null)[])[];
declare const otherScores: typeof scores;

declare module '@ai-sdk/openai' {
  export function openai(
    model: string,
  ): Extract<import('ai').LanguageModel, { readonly specificationVersion: 'v4' }>;
}
declare module '@ai-sdk/anthropic' {
  export function anthropic(
    model: string,
  ): Extract<import('ai').LanguageModel, { specificationVersion: 'v4' }>;
}

// The reader's own implementations, as the pages of docs/extending write them.
declare module '*/ollama.ts' {
  export function ollama(model: string): import('aloe-align').ChatModel;
}
declare module '*/plain-text.ts' {
  export function plainText(): import('aloe-align').PreferenceFormat;
}
declare module '*/brevity-judge.ts' {
  export function brevityJudge(): import('aloe-align').Judge;
}
declare module '*/letter-embedder.ts' {
  export function letterEmbedder(): import('aloe-align').Embedder;
}
declare module '*/own-backend.ts' {
  export function shell(options: {
    dir: string;
    python: string;
  }): import('aloe-align/training').TrainingBackend;
}
