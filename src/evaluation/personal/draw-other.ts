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
  own: BenchmarkCase,
  cases: readonly BenchmarkCase[],
  draw: OtherPersonaDraw,
  seed: number,
): BenchmarkCase | undefined {
  const others = cases.filter((other) => differs(own, other));
  const opposed = others.map((other) => (draw === 'any' ? 0 : countOpposed(own.persona, other.persona)));
  const most = Math.max(...opposed);
  const eligible = others.filter((_, index) => opposed[index] === most);
  return sample(eligible, 1, seededRandom(seed))[0];
}

function differs({ persona, drift }: BenchmarkCase, other: BenchmarkCase): boolean {
  const own = drift === undefined ? [persona] : [persona, drift.persona];
  return own.every(
    ({ profile, personality }) =>
      other.persona.profile.id !== profile.id && other.persona.personality.id !== personality.id,
  );
}

/**
 * The other case of each case, by the id of the case. Every candidate is held against the same others. A case without a
 * suitable other is left out.
 *
 * `any` draws from the cases before it, or takes the next one if none of these is suitable. So cases that are added at the
 * end leave the others as they are, and no judgement is paid for again.
 */
export function drawOthers(
  cases: readonly BenchmarkCase[],
  draw: OtherPersonaDraw | null,
  run: Run,
): ReadonlyMap<string, BenchmarkCase> {
  const others = new Map<string, BenchmarkCase>();
  if (draw === null) return others;
  for (const [index, own] of cases.entries()) {
    const seed = run.seedFor({ task: 'evaluation', subject: own.id, role: 'other-persona' });
    const other =
      draw === 'opposite'
        ? drawOther(own, cases, draw, seed)
        : (drawOther(own, cases.slice(0, index), draw, seed) ??
          cases.slice(index + 1).find((next) => differs(own, next)));
    if (other !== undefined) others.set(own.id, other);
  }
  return others;
}
