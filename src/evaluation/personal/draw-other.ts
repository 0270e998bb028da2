import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { checkChoice } from '../../internal/options.ts';
import { sample, seededRandom } from '../../internal/random.ts';
import { countOpposed } from '../../personas/rules/opposed-rules.ts';
import type { Run } from '../../runs/run.ts';

/** Which other persona is drawn: `any`, or an `opposite` one, which is one of those with the most contrary rules. */
export type OtherPersonaDraw = 'any' | 'opposite';

/** False, that is no other persona, becomes null. @throws InvalidOptionError for another value. */
export function checkOtherPersona(
  given: OtherPersonaDraw | false = 'any',
  option: string,
): OtherPersonaDraw | null {
  if (given === false) return null;
  return checkChoice<OtherPersonaDraw>(option, given, ['any', 'opposite']);
}

/**
 * Draws a case whose profile and personality both differ from those of a case, before and after its drift. Undefined if
 * there is none.
 */
export function drawOther(
  { persona, drift }: BenchmarkCase,
  cases: readonly BenchmarkCase[],
  draw: OtherPersonaDraw,
  seed: number,
): BenchmarkCase | undefined {
  const own = drift === undefined ? [persona] : [persona, drift.persona];
  const others = cases.filter((other) =>
    own.every(
      ({ profile, personality }) =>
        other.persona.profile.id !== profile.id && other.persona.personality.id !== personality.id,
    ),
  );
  const opposed = others.map((other) => (draw === 'any' ? 0 : countOpposed(persona, other.persona)));
  const most = Math.max(...opposed);
  const eligible = others.filter((_, index) => opposed[index] === most);
  return sample(eligible, 1, seededRandom(seed))[0];
}

/**
 * The other case of each case, by the id of the case. The draw depends on the run's seed and the case alone, so every
 * candidate is held against the same others. A case without a suitable other is left out.
 */
export function drawOthers(
  cases: readonly BenchmarkCase[],
  draw: OtherPersonaDraw | null,
  run: Run,
): ReadonlyMap<string, BenchmarkCase> {
  const others = new Map<string, BenchmarkCase>();
  if (draw === null) return others;
  for (const own of cases) {
    const seed = run.seedFor({ task: 'evaluation', subject: own.id, role: 'other-persona' });
    const other = drawOther(own, cases, draw, seed);
    if (other !== undefined) others.set(own.id, other);
  }
  return others;
}
