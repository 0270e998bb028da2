export { type Control, createControl, type OpenControl } from './create-control.ts';
export type { FinishedPiece, FinishedWork } from './finished-work.ts';
export type { LevelSoFar } from './levels-so-far.ts';
export type { LiveProcess, LiveState } from './live-state.ts';
export type { ModelActivity, SeenError } from './model-activity.ts';
