export type { EngineApiOptions } from './backends/engine-api.ts';
export {
  type CheckpointChoice,
  isWithinNoise,
  type MeasuredCheckpoint,
  type RankedCheckpoint,
} from './choose/checkpoint-choice.ts';
export type { Checkpoint } from './choose/checkpoints.ts';
export {
  type ChooseCheckpointOptions,
  type ChooseEvent,
  chooseCheckpoint,
} from './choose/choose-checkpoint.ts';
export { describeChoice } from './choose/describe-choice.ts';
export type { OpenedCheckpoint } from './choose/lazy-model.ts';
export type { OpenWeights } from './choose/open-checkpoint.ts';
export { type Sweep, type SweepValues, sweepJobs } from './choose/sweep-jobs.ts';
export { validationCases } from './choose/validation-cases.ts';
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
