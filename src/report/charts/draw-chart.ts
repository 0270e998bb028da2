import { type Markish, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { plainText } from '../../page/html.ts';
import { THEME_DECLARATIONS } from '../../page/theme.ts';

type PlotOptions = NonNullable<Parameters<typeof plot>[0]>;

export interface ChartOptions extends PlotOptions {
  /** Title for screen readers, also shown as a tooltip. */
  readonly title: string;
  /** Description of the data for screen readers. */
  readonly description: string;
  readonly marks: Markish[];
}

/**
 * Style of a chart used as a file or image of its own. It has no effect inside a page, where the chart is not the root
 * and follows the page's theme. It is identical in all charts, so that a page can allow it by hash.
 */
export const CHART_STYLE: string = [
  `.aloe-chart:root { color-scheme: light dark; color: light-dark(#1b1f24, #e7e9ec); ${THEME_DECLARATIONS} }`,
  '.aloe-chart text { white-space: pre; }',
].join('\n');

/** Renders a chart to SVG without a browser. Output is deterministic. */
export function drawChart({ title, description, ...options }: ChartOptions): string {
  const { document } = parseHTML('<!doctype html><html></html>');
  const svg = plot({ ...options, document, className: 'aloe-chart' });
  svg.querySelector('style').textContent = CHART_STYLE;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('font-size', '12');
  // Parts of an image must not have labels of their own; keep the name as data for styles and tests.
  for (const part of svg.querySelectorAll('g[aria-label]')) {
    part.setAttribute('data-mark', part.getAttribute('aria-label'));
    part.removeAttribute('aria-label');
  }
  const describe = (name: string, text: string) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.textContent = text;
    svg.prepend(element);
  };
  describe('desc', description);
  describe('title', title);
  return plainText(svg.toString());
}
