/**
 * Names of OpenTelemetry's semantic conventions for generative AI, release 0.1.0 of
 * open-telemetry/semantic-conventions-genai, and of semantic conventions 1.44.0 for `error` and `server`. The former are in
 * development and can change: they stand only here.
 */
export const CONVENTIONS = {
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestTemperature: 'gen_ai.request.temperature',
  requestMaxTokens: 'gen_ai.request.max_tokens',
  requestSeed: 'gen_ai.request.seed',
  requestStopSequences: 'gen_ai.request.stop_sequences',
  outputType: 'gen_ai.output.type',
  responseModel: 'gen_ai.response.model',
  responseFinishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  cachedInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  conversationId: 'gen_ai.conversation.id',
  dimensionCount: 'gen_ai.embeddings.dimension.count',
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
} as const;

/** The operations that are traced. A span's name is the operation and the model. */
export const OPERATIONS = { chat: 'chat', embeddings: 'embeddings' } as const;

/** Names of providers, by the end of the host name. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'anthropic.com': 'anthropic',
  'azure.com': 'azure.ai.openai',
  'cohere.com': 'cohere',
  'deepseek.com': 'deepseek',
  'googleapis.com': 'gcp.gen_ai',
  'groq.com': 'groq',
  'mistral.ai': 'mistral_ai',
  'moonshot.ai': 'moonshot_ai',
  'openai.com': 'openai',
  'perplexity.ai': 'perplexity',
  'x.ai': 'x_ai',
};

/** The convention's name for who serves a host; the host itself if it has none. */
export function providerOf(host: string): string {
  const found = Object.keys(PROVIDERS).find((own) => host === own || host.endsWith(`.${own}`));
  return found === undefined ? host : PROVIDERS[found]!;
}
