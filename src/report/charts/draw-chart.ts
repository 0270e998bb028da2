import { type Markish, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { plainText } from '../../page/html.ts';
import { THEME_DECLARATIONS } from '../../page/theme.ts';

type PlotOptions = NonNullable<Parameters<typeof plot>[0]>;

export interface ChartOptions extends PlotOptions {
  /** What it shows, for screen readers and as a tooltip. */
  readonly title: string;
  /** What there is to see in it, in words. */
  readonly description: string;
  readonly marks: Markish[];
}

/**
 * Style of a chart that stands alone, as a file or an image. In a page it does nothing: there the chart is not the root,
 * and follows the page's theme. It is the same text in all charts, so a page can allow it by its hash.
 */
export const CHART_STYLE: string = [
  `.aloe-chart:root { color-scheme: light dark; color: light-dark(#1b1f24, #e7e9ec); ${THEME_DECLARATIONS} }`,
  '.aloe-chart text { white-space: pre; }',
].join('\n');

/** Draws a chart without a browser. The same data gives the same bytes. */
export function drawChart({ title, description, ...options }: ChartOptions): string {
  const { document } = parseHTML('<!doctype html><html></html>');
  const svg = plot({ ...options, document, className: 'aloe-chart' });
  svg.querySelector('style').textContent = CHART_STYLE;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('font-size', '12');
  // An image's parts have no labels of their own; what they are stays for whoever styles or tests them.
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
