export { type AdaptiveCallOptions, type AdaptiveModel, adaptive } from './adaptive.ts';
export {
  type AdaptiveMiddleware,
  type AdaptiveMiddlewareOptions,
  adaptiveMiddleware,
} from './adaptive-middleware.ts';
export type { AdaptiveEvent, AdaptiveOptions, AdaptivePrompts } from './adaptive-options.ts';
export type {
  AiSdkInferenceParams,
  AiSdkMessage,
  AiSdkModel,
  AiSdkParams,
  AiSdkPart,
} from './ai-sdk-model.ts';
export { type InferPreferencesOptions, inferPreferences } from './infer-preferences.ts';
export type { PreferenceStore } from './preference-store.ts';
