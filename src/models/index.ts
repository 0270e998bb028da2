export type { Credentials } from '../http/request-headers.ts';
export type { ChatCompletionsOptions, JsonMode, OmittedField } from './chat-completions.ts';
export type { OpenAIClientOptions } from './openai-client.ts';
export type { AdvertisedPause } from './pacing/advertised-rate.ts';
export { paced } from './pacing/paced.ts';
export type { CallOutcome, Permit } from './pacing/pacer.ts';
export { createPacer, type Pacer, type PacerOptions } from './pacing/pacer.ts';
export { type RetryOptions, retry } from './retry.ts';
export { generateStructured, type ParsedReply, type StructuredOptions } from './structured.ts';
