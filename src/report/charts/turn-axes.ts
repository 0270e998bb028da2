import { axisX, axisY, gridY, type Markish } from '@observablehq/plot';
import { themeColor } from '../../page/theme.ts';

/**
 * Grid and axes of panels with turns on x.
 *
 * @param tickFormat Formats the ticks on y. Default: Plot's format.
 */
export function turnAxes(turns: number, tickFormat?: (value: number) => string): Markish[] {
  return [
    gridY({ ticks: 4, stroke: themeColor('line'), strokeOpacity: 1 }),
    axisX({ ticks: Math.min(turns - 1, 9), tickFormat: 'd', tickSize: 0, label: null }),
    axisY({ ticks: 4, ...(tickFormat !== undefined && { tickFormat }), tickSize: 0, label: null }),
  ];
}
