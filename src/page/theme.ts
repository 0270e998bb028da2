/**
 * Colours of charts and pages, light and dark. Series use the Okabe-Ito palette; scores run from orange through grey to
 * blue. Both are safe for all kinds of colour blindness, and differ in lightness for print without colour.
 */
const COLORS = {
  paper: ['#ffffff', '#14171b'],
  panel: ['#f6f7f9', '#1c2026'],
  ink: ['#1b1f24', '#e7e9ec'],
  muted: ['#58606b', '#a2abb7'],
  line: ['#d9dde3', '#343b45'],
  accent: ['#1558a6', '#7db4f0'],
  level: ['#0067b3', '#62b0ee'],
  fit: ['#b34700', '#f09a5b'],
  revealed: ['#00795a', '#3fc49b'],
  warning: ['#8a4b00', '#f0b46a'],
  'score-1': ['#a84300', '#d96c1e'],
  'score-2': ['#efa75c', '#a86a30'],
  'score-3': ['#d3d7dd', '#4c535e'],
  'score-4': ['#93bde6', '#38648f'],
  'score-5': ['#165aa5', '#62a8ee'],
} as const;

export type ColorName = keyof typeof COLORS;

/** A colour as a CSS or SVG value: the theme's variable, with the light colour as fallback. */
export function themeColor(name: ColorName): string {
  return `var(--aloe-${name}, ${COLORS[name][0]})`;
}

/** CSS declarations for the document root. They follow its `color-scheme`. */
export const THEME_DECLARATIONS: string = Object.entries(COLORS)
  .map(([name, [light, dark]]) => `--aloe-${name}: light-dark(${light}, ${dark});`)
  .join(' ');
