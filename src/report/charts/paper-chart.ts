import { dot, lineY, type Markish, text } from '@observablehq/plot';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { checkSameRubric } from '../../evaluation/same-rubric.ts';
import { decimals, oneLine } from '../../internal/format.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import { type ColorName, themeColor } from '../../page/theme.ts';
import { groupRows, type ResultRow, type RowGroup } from '../tables/result-row.ts';
import type { AlignmentChartOptions } from './alignment-chart.ts';
import { chartLegend, type SeriesStyle, strokeOf, symbolOf } from './chart-legend.ts';
import { drawChart } from './draw-chart.ts';
import { levelDomain } from './level-domain.ts';
import { arrangePanels, type PanelPlace } from './panels.ts';
import { turnAxes } from './turn-axes.ts';

const BASE = 'base';
const COLORS: readonly ColorName[] = ['level', 'fit', 'revealed', 'muted'];
const SYMBOLS = ['square', 'triangle', 'diamond', 'star', 'wye', 'cross'] as const;
/** From a panel to the line of its name, and to the legend. */
const NAME_HEIGHT = 22;
const LEGEND_HEIGHT = 40;

/**
 * Draws Figure 4 of the paper as SVG: one panel per base model with AL(k) by turn, the base as a solid line and its tuned
 * variants dotted. All panels have the same axes. The base is the row of type `Base`, in any case. It has no confidence
 * bands, since lines overlap: `paperTable` has the intervals.
 *
 * @example
 * ```ts
 * import { paperChart } from 'aloe-align/report';
 *
 * await writeFile('figure-4.svg', paperChart([{ model, type: 'Base', result: base }, { model, type: 'Ours', result: tuned }]));
 * ```
 *
 * @throws InvalidOptionError if a row or option is invalid, or two rows have the same model and type.
 */
export function paperChart(rows: readonly ResultRow[], options: AlignmentChartOptions = {}): string {
  checkKnownOptions<AlignmentChartOptions>('paperChart()', options, { columns: true, domain: true });
  const groups = groupRows(rows);
  checkSameRubric(
    rows.map(({ result }) => result),
    'rows',
  );
  const columns = checkNumber('columns', options.columns ?? 2, { min: 1, integer: true });
  const domain = options.domain ?? levelDomain(rows.map(({ result }) => withoutIntervals(result)));
  const { places, panelWidth, frame } = arrangePanels(groups.length, columns);
  const turns = Math.max(2, ...rows.map(({ result }) => result.levels.length));
  const styles = styleTypes([...new Set(groups.flatMap((group) => group.rows.map(({ type }) => type)))]);
  const legend = chartLegend([...styles.values()], {
    width: frame.width - frame.marginLeft - frame.marginRight,
    top: LEGEND_HEIGHT,
    turnWidth: panelWidth / (turns - 1),
    level: domain[1],
  });
  const level = { fx: 'column', fy: 'row', x: 'turn', y: 'level' } as const;
  return drawChart({
    title: `AL(k) by turn and base model: ${groups.map(({ model }) => model).join(', ')}`,
    description: groups.map(describeGroup).join(' '),
    ...frame,
    height: frame.height + legend.height,
    marginTop: frame.marginTop + legend.height,
    x: { domain: [1, turns] },
    y: { domain: [...domain], clamp: true },
    marks: [
      ...turnAxes(turns),
      ...groups.flatMap((group, index) =>
        group.rows.flatMap((row) => {
          const style = styles.get(row.type)!;
          const points = pointsOf(row, places[index]!);
          return [
            lineY(points, { ...level, ...strokeOf(style) }),
            dot(points, { ...level, ...symbolOf(style) }),
          ];
        }),
      ),
      ...groups.map(({ model }, index) => panelName(places[index]!, model)),
      ...legend.marks,
    ],
  });
}

/** A style per type, the same in all panels. */
function styleTypes(types: readonly string[]): Map<string, SeriesStyle> {
  const tuned = types.filter((type) => !isBase(type));
  return new Map(
    types.map((name): readonly [string, SeriesStyle] => {
      if (isBase(name)) return [name, { name, color: themeColor('ink'), symbol: 'circle', dotted: false }];
      const index = tuned.indexOf(name);
      const color = themeColor(COLORS[index % COLORS.length]!);
      return [name, { name, color, symbol: SYMBOLS[index % SYMBOLS.length]!, dotted: true }];
    }),
  );
}

function isBase(type: string): boolean {
  return type.trim().toLowerCase() === BASE;
}

function pointsOf({ result }: ResultRow, place: PanelPlace): object[] {
  return result.levels.map(({ turn, level }) => ({ ...place, turn, level }));
}

function panelName({ column, row }: PanelPlace, name: string): Markish {
  return text([oneLine(name)], {
    fx: [column],
    fy: [row],
    frameAnchor: 'top-left',
    textAnchor: 'start',
    dx: -24,
    dy: -NAME_HEIGHT,
    fontSize: 14,
    fontWeight: 650,
    // In ems: truncates a long name before it reaches the next panel.
    lineWidth: 18,
    textOverflow: 'ellipsis',
  });
}

function withoutIntervals(result: EvaluationResult): EvaluationResult {
  return { ...result, statistics: { ...result.statistics, levels: [] } };
}

function describeGroup({ model, rows }: RowGroup): string {
  const series = rows.map(
    ({ type, result }) => `${type} ${result.levels.map(({ level }) => decimals(level, 2)).join(', ')}`,
  );
  return `${model}: ${series.join('; ')}.`;
}
