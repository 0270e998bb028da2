export type { CaseRow } from './case-rows.ts';
export type { PairRow } from './pair-rows.ts';
export { rows } from './rows.ts';
export { type Cell, type CsvOptions, toCsv } from './to-csv.ts';
export type { TurnRow } from './turn-rows.ts';
