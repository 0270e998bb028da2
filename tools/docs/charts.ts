import { fileURLToPath } from 'node:url';
import { readEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { alignmentChart } from '../../src/report/charts/alignment-chart.ts';
import { kappaChart } from './kappa-chart.ts';
import { otherPersonaChart } from './other-persona-chart.ts';
import { publishedLinesChart } from './published-lines-chart.ts';
import { ratesChart } from './rates-chart.ts';

const RESULTS = new URL('../../bench/results/personal/', import.meta.url);

/** The charts that open the pages of the measures, by file name: all of measured data, drawn as the reports draw theirs. */
export async function docCharts(): Promise<Record<string, string>> {
  const results = await Promise.all(
    ['bare', 'adaptive', 'oracle'].map((name) =>
      readEvaluation(fileURLToPath(new URL(`${name}.json`, RESULTS))),
    ),
  );
  return {
    'alignment-level': alignmentChart(results, { columns: 2 }),
    'improvement-rate': publishedLinesChart(),
    'normalised-improvement-rate': ratesChart(),
    'own-minus-other': otherPersonaChart(results),
    kappa: kappaChart(results),
  };
}
