export { checkModels, type ModelCheck } from './check-models.ts';
export { estimatePipeline, type PaidStage } from './estimate-pipeline.ts';
export { evaluate, type SavedEvaluation } from './evaluate.ts';
export { growPersonas, pickPersonas, readPool } from './grow-personas.ts';
export { openPipeline, type PipelineOptions } from './open-pipeline.ts';
export type { Pipeline, PipelineModelRole, PipelinePart, PipelineRole } from './pipeline.ts';
export type { PipelineFiles } from './pipeline-files.ts';
export { type PipelineStep, runPipeline } from './run-pipeline.ts';
export { exportPreferences, simulate } from './simulate.ts';
