export type { EngineApiOptions } from './backends/engine-api.ts';
export { type DoctorOptions, doctor } from './doctor/doctor.ts';
export { type FetchedArtifacts, fetchArtifacts } from './fetch-artifacts.ts';
export { renderJob } from './folder/render-job.ts';
export { type SetupEvent, type SetupPythonOptions, setupPython } from './folder/setup-python.ts';
export { type FollowTrainingOptions, followTraining, type TrainingEvent } from './follow-training.ts';
export { type InteractToAlignOptions, interactToAlign, type TrainingData } from './job/interact-to-align.ts';
export type { TrainingPresetName } from './job/presets.ts';
export type {
  RenderedJob,
  TrainingFile,
  TrainingJob,
  TrainingResources,
  TrainingStage,
} from './job/training-job.ts';
export { type ServedModel, type ServeModelOptions, serveModel } from './serving/serve-model.ts';
export { type SkyPilotTaskOptions, writeSkyPilotTask } from './sky-pilot-task.ts';
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
