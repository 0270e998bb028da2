import { dot, frame, link } from '@observablehq/plot';
import { decimals, oneLine } from '../../internal/format.ts';
import { themeColor } from '../../page/theme.ts';
import type { DescribedEntry, KindDescription } from '../../personas/describe/pool-description.ts';
import { drawChart } from './draw-chart.ts';

const SIZE = 460;
const MARGIN = 8;
/** Characters of an entry in its tooltip. */
const SHOWN = 240;

/**
 * Draws the entries of one kind as SVG, each a dot, on the two directions in which their embeddings differ most. Seeds are
 * diamonds. A line joins two entries that are more similar than the threshold.
 */
export function poolMap({ entries, explained, threshold, size }: KindDescription, kind: string): string {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const links = entries.flatMap(({ x, y, nearestId, similarity }) => {
    const nearest = nearestId === null ? undefined : byId.get(nearestId);
    const isNear = nearest !== undefined && similarity !== null && similarity > threshold;
    return isNear ? [{ x, y, toX: nearest.x, toY: nearest.y }] : [];
  });
  const dots = entries.map((entry) => ({
    ...entry,
    isSeed: entry.origin === 'seed',
    label: describeEntry(entry),
  }));
  return drawChart({
    title: `Map of the ${kind}`,
    description: `${size} ${kind} as dots. The axes show ${decimals(100 * (explained[0] + explained[1]), 0)} % of how their embeddings differ.`,
    width: SIZE,
    height: SIZE,
    margin: MARGIN,
    x: { axis: null, inset: 12, nice: false },
    y: { axis: null, inset: 12, nice: false },
    aspectRatio: 1,
    marks: [
      frame({ stroke: themeColor('line') }),
      link(links, {
        x1: 'x',
        y1: 'y',
        x2: 'toX',
        y2: 'toY',
        stroke: themeColor('warning'),
        strokeWidth: 0.75,
        strokeOpacity: 0.6,
      }),
      dot(dots, {
        x: 'x',
        y: 'y',
        r: size > 150 ? 3 : 4.5,
        symbol: ({ isSeed }: { isSeed: boolean }) => (isSeed ? 'diamond2' : 'circle'),
        fill: ({ isSeed }: { isSeed: boolean }) => themeColor(isSeed ? 'fit' : 'level'),
        fillOpacity: 0.75,
        stroke: themeColor('paper'),
        strokeWidth: 0.5,
        title: 'label',
      }),
    ],
    symbol: { type: 'identity' },
    color: { type: 'identity' },
  });
}

function describeEntry({ id, statements, nearestId, similarity }: DescribedEntry): string {
  const text = oneLine(statements.join('. '));
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  const nearest = nearestId === null ? '' : `\nNearest: ${nearestId} (${decimals(similarity, 2)})`;
  return `${id}: ${shown}${nearest}`;
}
