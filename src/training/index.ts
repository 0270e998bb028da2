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
export { type Sweep, type SweepValues, sweepJobs } from './choose/sweep-jobs.ts';
export { validationCases } from './choose/validation-cases.ts';
export { type DoctorOptions, doctor } from './doctor/doctor.ts';
export { type InspectModelOptions, inspectModel } from './doctor/inspect-model.ts';
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
export { describePlan } from './plan/describe-plan.ts';
export type { Gpu } from './plan/gpus.ts';
export type { ModelFacts } from './plan/model-facts.ts';
export { type PlanTrainingOptions, planTraining } from './plan/plan-training.ts';
export type { TrainingProposal } from './plan/propose-changes.ts';
export type { StageMemory } from './plan/stage-memory.ts';
export type { StageSteps } from './plan/stage-steps.ts';
export type { StagePlan, TrainingPlan } from './plan/training-plan.ts';
export type { ServedWeights } from './serving/lazy-model.ts';
export type { OpenWeights } from './serving/open-weights.ts';
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
