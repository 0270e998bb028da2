import { type Markish, text } from '@observablehq/plot';
import { oneLine } from '../../internal/format.ts';
import { themeColor } from '../../page/theme.ts';
import type { PanelPlace } from './panels.ts';

const NAME_HEIGHT = -42;
const LINE_HEIGHT = -24;

/** A panel's name and key numbers, above its frame. */
export function panelHeading(place: PanelPlace, name: string, line: string): Markish[] {
  const anchor = {
    fx: [place.column],
    fy: [place.row],
    frameAnchor: 'top-left',
    textAnchor: 'start',
    dx: -24,
    // In ems: truncates a long name before it reaches the next panel.
    lineWidth: 20,
    textOverflow: 'ellipsis',
  } as const;
  return [
    text([oneLine(name)], { ...anchor, dy: NAME_HEIGHT, fontSize: 14, fontWeight: 650, lineWidth: 18 }),
    text([line], { ...anchor, dy: LINE_HEIGHT, fill: themeColor('muted'), lineWidth: 24 }),
  ];
}
