import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../../errors.ts';
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
 * Personas are opposite in their rules alone.
 *
 * @param expected What the option accepts instead.
 * @throws InvalidOptionError if an opposite persona is asked for, and no case has rules.
 */
export function checkHasOpposite(
  draw: OtherPersonaDraw | null,
  cases: readonly BenchmarkCase[],
  { option, expected }: { readonly option: string; readonly expected: string },
): void {
  if (draw !== 'opposite' || cases.some(({ persona }) => persona.rules !== undefined)) return;
  throw noOpposite(option, expected, 'ruleCases(cases) adds some.');
}

/** The error for an opposite persona where no case has rules. @param remedy How cases get some. */
export function noOpposite(option: string, expected: string, remedy: string): InvalidOptionError {
  return new InvalidOptionError(option, `${expected}, since no case has rules`, 'opposite', {
    hint: `Personas are opposite in their rules. ${remedy}`,
  });
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
 * suitable other is left out, such as one that nobody's rules contradict if the draw is `opposite`.
 *
 * `any` draws from the cases before it, or takes the next one if none of these is suitable. So cases that are added at the
 * end leave the others as they are, and no judgement is paid for again.
 *
 * @throws InvalidOptionError if the draw is `opposite` and no case has rules.
 */
export function drawOthers(
  cases: readonly BenchmarkCase[],
  draw: OtherPersonaDraw | null,
  run: Run,
): ReadonlyMap<string, BenchmarkCase> {
  const others = new Map<string, BenchmarkCase>();
  if (draw === null) return others;
  checkHasOpposite(draw, cases, { option: 'otherPersona', expected: '"any" or false' });
  for (const [index, own] of cases.entries()) {
    const seed = run.seedFor({ task: 'evaluation', subject: own.id, role: 'other-persona' });
    const other =
      draw === 'opposite'
        ? contrary(own, drawOther(own, cases, draw, seed))
        : (drawOther(own, cases.slice(0, index), draw, seed) ??
          cases.slice(index + 1).find((next) => differs(own, next)));
    if (other !== undefined) others.set(own.id, other);
  }
  return others;
}

function contrary(own: BenchmarkCase, other: BenchmarkCase | undefined): BenchmarkCase | undefined {
  return other !== undefined && countOpposed(own.persona, other.persona) > 0 ? other : undefined;
}
