type Row = readonly (number | null)[];

/**
 * Writes the effect of each turn into `effects`, given one weight per row: how far a turn lies above or below the others
 * within the same cases. NaN for a turn without weight, and for all turns if no chain of cases links them.
 */
export type TurnEffects = (weights: Float64Array, effects: Float64Array) => void;

/**
 * Prepares the least-squares fit of `score = case effect + turn effect` to the scores that are there, fast enough for ten
 * thousand resamples. The case effects are eliminated (the within transformation of an unbalanced panel), and cases with
 * the same gaps share one matrix, so a resample solves a system of one equation per turn.
 */
export function turnEffects(scores: readonly Row[]): TurnEffects {
  const turns = scores[0]!.length;
  const patterns = new Map<string, { readonly place: number; readonly matrix: Float64Array }>();
  const patternOf = scores.map((row) => {
    const key = row.map((score) => (score === null ? '0' : '1')).join('');
    const known = patterns.get(key);
    if (known !== undefined) return known.place;
    const place = patterns.size;
    patterns.set(key, { place, matrix: withinMatrix(row) });
    return place;
  });
  const matrices = [...patterns.values()].map(({ matrix }) => matrix);
  const deviations = scores.map(deviationsWithin);
  const weightOf = new Float64Array(matrices.length);
  const system = new Float64Array(turns * turns);
  return (weights, effects) => {
    weightOf.fill(0);
    system.fill(0);
    effects.fill(0);
    for (const [row, weight] of weights.entries()) {
      if (weight === 0) continue;
      weightOf[patternOf[row]!]! += weight;
      const own = deviations[row]!;
      for (let turn = 0; turn < turns; turn++) effects[turn]! += weight * own[turn]!;
    }
    for (const [place, weight] of weightOf.entries()) {
      if (weight === 0) continue;
      const matrix = matrices[place]!;
      for (let index = 0; index < matrix.length; index++) system[index]! += weight * matrix[index]!;
    }
    solve(system, effects);
  };
}

/** diag(m) - m m' / n for a row with `n` scores, where m marks the turns that have one. */
function withinMatrix(row: Row): Float64Array {
  const turns = row.length;
  const matrix = new Float64Array(turns * turns);
  const scored = row.flatMap((score, turn) => (score === null ? [] : [turn]));
  for (const first of scored) {
    for (const second of scored) {
      matrix[first * turns + second] = (first === second ? 1 : 0) - 1 / scored.length;
    }
  }
  return matrix;
}

/** Each score minus the mean of its row; 0 where there is none. */
function deviationsWithin(row: Row): Float64Array {
  const known = row.filter((score) => score !== null);
  const centre = known.reduce((sum, score) => sum + score, 0) / known.length;
  return Float64Array.from(row, (score) => (score === null ? 0 : score - centre));
}

const SINGULAR = 1e-9;

/**
 * Solves the system in place by elimination, with the effect of the first turn that occurs fixed at 0: effects are only
 * defined up to a constant. A turn without weight gets NaN. A zero pivot means that turns are not linked: all get NaN.
 */
function solve(system: Float64Array, effects: Float64Array): void {
  const turns = effects.length;
  const there = Array.from({ length: turns }, (_, turn) => turn).filter(
    (turn) => system[turn * turns + turn]! > SINGULAR,
  );
  const [origin, ...free] = there;
  for (let turn = 0; turn < turns; turn++) {
    if (turn === origin) effects[turn] = 0;
    else if (!there.includes(turn)) effects[turn] = Number.NaN;
  }
  for (const [step, pivot] of free.entries()) {
    const diagonal = system[pivot * turns + pivot]!;
    if (diagonal < SINGULAR) {
      effects.fill(Number.NaN);
      return;
    }
    for (const below of free.slice(step + 1)) {
      const factor = system[below * turns + pivot]! / diagonal;
      if (factor === 0) continue;
      for (const column of free.slice(step)) {
        system[below * turns + column]! -= factor * system[pivot * turns + column]!;
      }
      effects[below]! -= factor * effects[pivot]!;
    }
  }
  for (const [step, pivot] of [...free.entries()].reverse()) {
    let known = effects[pivot]!;
    for (const column of free.slice(step + 1)) known -= system[pivot * turns + column]! * effects[column]!;
    effects[pivot] = known / system[pivot * turns + pivot]!;
  }
}
