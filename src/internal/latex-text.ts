import { oneLine } from './format.ts';

const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '`': '\\textasciigrave{}',
  // After the end of a row, these would be options of \\.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
};

/** Foreign text, such as a name, as one line of LaTeX that shows just this text. */
export function latexText(text: string): string {
  return oneLine(text).replace(/[\\~^<>|`[\]*{}$&#_%]/g, (sign) => ESCAPED[sign] ?? `\\${sign}`);
}
