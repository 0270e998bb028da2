export { type AlignmentChartOptions, alignmentChart } from './charts/alignment-chart.ts';
export { averageChart } from './charts/average-chart.ts';
export { revelationChart } from './charts/revelation-chart.ts';
export { scoreHeatMap } from './charts/score-heat-map.ts';
export { type TrainingQuantity, trainingChart } from './charts/training-chart.ts';
export { renderMarkdownReport } from './markdown-report.ts';
export { renderReport, writeReport } from './render-report.ts';
export type { ReportOptions, TrainingCurve } from './report-options.ts';
