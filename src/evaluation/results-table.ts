import type { EvaluationData, TurnLevel } from './evaluation-result.ts';

/**
 * A Markdown table with the columns of the paper's Table 1 and the scores behind each row: AL(k) and average with two
 * decimals, rates with three. "–" is a number that could not be had. A level that not all cases stand behind shows how
 * many do: `4.10 (97/100)`.
 */
export function resultsTable(results: readonly EvaluationData[]): string {
  const turns = Math.max(0, ...results.map(({ lock }) => lock.turns));
  const turnNumbers = Array.from({ length: turns }, (_, index) => index + 1);
  const header = [
    'Model',
    ...turnNumbers.map((k) => `k=${k}`),
    'Average',
    'IR',
    'N-IR',
    'R2',
    'N-R2',
    'Scored',
  ];
  const rows = results.map(({ candidate, levels, average, improvement, normalizedImprovement }) => [
    tableText(candidate.name),
    ...turnNumbers.map((k) => levelCell(levels[k - 1])),
    decimals(average, 2),
    decimals(improvement?.slope, 3),
    decimals(normalizedImprovement?.slope, 3),
    decimals(improvement?.r2, 3),
    decimals(normalizedImprovement?.r2, 3),
    coverage(levels),
  ]);
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Text that stays in its table cell. */
function tableText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|]/g, '\\$&').trim();
}

/** A number with so many decimals, never "-0.00"; "–" for none. */
function decimals(value: number | null | undefined, places: number): string {
  if (value === null || value === undefined) return '–';
  const text = value.toFixed(places);
  return Number(text) === 0 ? (0).toFixed(places) : text;
}

function levelCell(turn: TurnLevel | undefined): string {
  if (turn === undefined || turn.level === null) return '–';
  const level = decimals(turn.level, 2);
  return turn.scored === turn.asked ? level : `${level} (${turn.scored}/${turn.asked})`;
}

function coverage(levels: readonly TurnLevel[]): string {
  const sum = (key: 'scored' | 'asked') => levels.reduce((total, level) => total + level[key], 0);
  return `${sum('scored')}/${sum('asked')}`;
}
