export { type AdaptiveCallOptions, type AdaptiveModel, adaptive } from './adaptive.ts';
export type { AdaptiveEvent, AdaptiveOptions, AdaptivePrompts } from './adaptive-options.ts';
export { type InferPreferencesOptions, inferPreferences } from './infer-preferences.ts';
export type { PreferenceStore } from './preference-store.ts';
