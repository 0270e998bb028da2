export type { RowAbilities } from './abilities.ts';
export type { ReproducedBase } from './base-model.ts';
export { estimateReproduction, type ReproductionEstimate } from './estimate-reproduction.ts';
export { paperConfig, type ReproductionPreset } from './paper-config.ts';
export type { PaperTableName } from './paper-tables.ts';
export { type ReproductionStep, reproduceTable } from './reproduce-table.ts';
export { REPRODUCED_PARTS, type ReproduceOptions, type ReproductionRecipe } from './reproduction.ts';
export type { TrainingCost } from './training-cost.ts';
