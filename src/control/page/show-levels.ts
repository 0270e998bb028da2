import type { LiveState } from '../live-state.ts';
import { type Cell, fillTable, showSection } from './table.ts';

/** The levels of an evaluation that is not whole yet, turn by turn. */
export function showLevels({ levels }: LiveState): void {
  showSection('levels', levels.length > 0);
  const turns = Math.max(0, ...levels.map((own) => own.turns.length));
  fillTable(
    'levels',
    ['Candidate', 'Cases', 'Average', ...Array.from({ length: turns }, (_, turn) => `Turn ${turn + 1}`)],
    levels.map((own) => [
      own.candidate,
      String(own.cases),
      levelCell(own.average),
      ...Array.from({ length: turns }, (_, turn) => levelCell(own.turns[turn]?.mean ?? null)),
    ]),
  );
}

function levelCell(mean: number | null): Cell {
  if (mean === null) return '–';
  return { content: mean.toFixed(2), class: `score-${Math.min(5, Math.max(1, Math.round(mean)))}` };
}
