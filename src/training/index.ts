export { type DoctorOptions, doctor } from './doctor.ts';
export type { EngineApiOptions } from './engine-api.ts';
export { type FetchedArtifacts, fetchArtifacts } from './fetch-artifacts.ts';
export { type FollowTrainingOptions, followTraining, type TrainingEvent } from './follow-training.ts';
export { type InteractToAlignOptions, interactToAlign, type TrainingData } from './interact-to-align.ts';
export type { TrainingPresetName } from './presets.ts';
export { renderJob } from './render-job.ts';
export { type SetupEvent, type SetupPythonOptions, setupPython } from './setup-python.ts';
export type {
  BackendCallOptions,
  Finding,
  TrainingArtifact,
  TrainingBackend,
  TrainingHandle,
  TrainingLogs,
  TrainingMetric,
  TrainingPreview,
  TrainingState,
  TrainingStatus,
} from './training-backend.ts';
export type {
  RenderedJob,
  TrainingFile,
  TrainingJob,
  TrainingResources,
  TrainingStage,
} from './training-job.ts';
