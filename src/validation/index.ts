export type { TextFault } from '../preferences/faults/text-check.ts';
export type { TokenStatistics } from './check-lengths.ts';
export type { DatasetFormat } from './dataset-formats.ts';
export { type DatasetReport, describeDataset } from './dataset-report.ts';
export type { FindingKind } from './finding-kinds.ts';
export type { DatasetFinding } from './findings.ts';
export { type ValidateDatasetOptions, validateDataset } from './validate-dataset.ts';
