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
    for (let row = 0; row < weights.length; row++) {
      const weight = weights[row]!;
      if (weight === 0) continue;
      weightOf[patternOf[row]!]! += weight;
      const own = deviations[row]!;
      for (let turn = 0; turn < turns; turn++) effects[turn]! += weight * own[turn]!;
    }
    for (let place = 0; place < matrices.length; place++) {
      const weight = weightOf[place]!;
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
  const free: number[] = [];
  let origin = -1;
  for (let turn = 0; turn < turns; turn++) {
    if (system[turn * turns + turn]! <= SINGULAR) effects[turn] = Number.NaN;
    else if (origin === -1) origin = turn;
    else free.push(turn);
  }
  if (origin !== -1) effects[origin] = 0;
  for (let step = 0; step < free.length; step++) {
    const pivot = free[step]!;
    const diagonal = system[pivot * turns + pivot]!;
    if (diagonal <= SINGULAR) {
      effects.fill(Number.NaN);
      return;
    }
    for (let below = step + 1; below < free.length; below++) {
      const row = free[below]!;
      const factor = system[row * turns + pivot]! / diagonal;
      if (factor === 0) continue;
      // Free turns are in order, and the columns of turns in between are 0.
      for (let column = pivot; column < turns; column++) {
        system[row * turns + column]! -= factor * system[pivot * turns + column]!;
      }
      effects[row]! -= factor * effects[pivot]!;
    }
  }
  for (let step = free.length - 1; step >= 0; step--) {
    const pivot = free[step]!;
    let rest = effects[pivot]!;
    for (let later = step + 1; later < free.length; later++) {
      const column = free[later]!;
      rest -= system[pivot * turns + column]! * effects[column]!;
    }
    effects[pivot] = rest / system[pivot * turns + pivot]!;
  }
}
