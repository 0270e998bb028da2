import { dot, lineY, type Markish, text } from '@observablehq/plot';
import { oneLine } from '../../internal/format.ts';
import { themeColor } from '../../page/theme.ts';

/** How one series is drawn. */
export interface SeriesStyle {
  readonly name: string;
  readonly color: string;
  readonly symbol: string;
  readonly dotted: boolean;
}

const SAMPLE = 34;
const GAP = 22;
const LINE = 20;
/** Average width of a character at the legend's font size. */
const CHARACTER = 6.6;
const LONGEST_NAME = 28;

/** Series names with samples of their lines, above the panels. */
export interface Legend {
  /** Room that the legend takes above the panels' own margin. */
  readonly height: number;
  readonly marks: readonly Markish[];
}

/**
 * Lays out a legend from left to right, in as many lines as the width needs. Its marks belong to the first panel and are
 * shifted above it, since Plot draws no legend into an SVG file.
 *
 * @param frame.top Distance from the legend to the first panel.
 * @param frame.turnWidth Width of one turn, in pixels; `level` is the top of the level axis.
 */
export function chartLegend(
  styles: readonly SeriesStyle[],
  frame: {
    readonly width: number;
    readonly top: number;
    readonly turnWidth: number;
    readonly level: number;
  },
): Legend {
  const lines = placeItems(styles, frame.width);
  const height = lines.length * LINE;
  const facet = { fx: [0], fy: [0] } as const;
  const marks = lines.flatMap((items, line) =>
    items.flatMap(({ style, left }) => {
      const dy = -frame.top - height + (line + 0.5) * LINE;
      const sample = [0, (SAMPLE - 8) / frame.turnWidth].map((turn) => ({
        column: 0,
        row: 0,
        turn: 1 + turn,
        level: frame.level,
      }));
      const place = { ...facet, frameAnchor: 'top-left', dy } as const;
      return [
        lineY(sample, { fx: 'column', fy: 'row', x: 'turn', y: 'level', dx: left, dy, ...strokeOf(style) }),
        dot([0], { ...place, dx: left + (SAMPLE - 8) / 2, ...symbolOf(style) }),
        text([shortName(style.name)], {
          ...place,
          textAnchor: 'start',
          dx: left + SAMPLE,
          lineAnchor: 'middle',
        }),
      ];
    }),
  );
  return { height, marks };
}

interface Item {
  readonly style: SeriesStyle;
  readonly left: number;
}

function placeItems(styles: readonly SeriesStyle[], width: number): Item[][] {
  const lines: Item[][] = [[]];
  let left = 0;
  for (const style of styles) {
    const wide = SAMPLE + shortName(style.name).length * CHARACTER;
    if (left > 0 && left + wide > width) {
      lines.push([]);
      left = 0;
    }
    lines.at(-1)!.push({ style, left });
    left += wide + GAP;
  }
  return lines;
}

function shortName(name: string): string {
  const line = oneLine(name);
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
}

/** Line of a series: solid, or dotted. */
export function strokeOf({ color, dotted }: SeriesStyle): object {
  return {
    stroke: color,
    strokeWidth: 2,
    ...(dotted && { strokeDasharray: '0.5,4', strokeLinecap: 'round' }),
  };
}

/** Marker of a series. Its shape tells series apart without colour. */
export function symbolOf({ color, symbol }: SeriesStyle): object {
  return { symbol, fill: color, stroke: themeColor('paper'), strokeWidth: 0.75, r: 3.5 };
}
