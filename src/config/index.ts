export {
  type AloeConfig,
  type CandidateConfig,
  type CandidateMethod,
  type ConfigFormat,
  type ConfigModel,
  type ConfigModels,
  type ConversationsConfig,
  defineConfig,
  type EmbedderSettings,
  type EvaluationConfig,
  type ExportConfig,
  type ModelSettings,
  type PersonasConfig,
  type TrainingConfig,
} from './config.ts';
export { type OpenEmbedderOptions, openEmbedder } from './open-embedder.ts';
export { type OpenModelOptions, openModel } from './open-model.ts';
export type { OpenedModel } from './opened-model.ts';
export { readConfig } from './read-config.ts';
