export { listRuns, type UnreadableRun } from './manage/list-runs.ts';
export { type MergedRun, type MergeRunsOptions, mergeRuns } from './manage/merge-runs.ts';
export { type RunSummary, readRun } from './manage/read-run.ts';
export { type RemovedRun, removeRun } from './manage/remove-run.ts';
