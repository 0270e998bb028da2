import { seededRandom } from '../../src/internal/seeded-random.ts';
import type { Sharing, World } from './simulated-study.ts';

const turns = Array.from({ length: 10 }, (_, index) => index + 1);

/** How levels may move over ten turns. */
export const CURVES: Readonly<Record<string, readonly number[]>> = {
  flat: turns.map(() => 3.4),
  line: turns.map((k) => 2.62 + 0.18 * k),
  'slow line': turns.map((k) => 3.4 + 0.02 * k),
  step: turns.map((k) => (k < 5 ? 3 : 4)),
  plateau: turns.map((k) => 2.6 + 0.4 * Math.min(k, 4)),
  'late riser': turns.map((k) => 3 + 0.4 * Math.max(0, k - 7)),
  'saturating at 5': turns.map((k) => 5.6 - 2.4 * Math.exp(-k / 2.5)),
};

/** A world with this curve and nothing else. */
export function plain(curve: string, cases: number): World {
  return { name: `${curve}, ${cases} cases`, cases, curve: CURVES[curve]! };
}

/** Every profile with every personality. */
function crossed(profiles: number, personalities: number): Pick<Sharing, 'profiles' | 'personalities'> {
  const cells = Array.from({ length: profiles * personalities }, (_, cell) => cell);
  return {
    profiles: cells.map((cell) => Math.floor(cell / personalities)),
    personalities: cells.map((cell) => cell % personalities),
  };
}

/** Profiles and personalities drawn for each case, so that some meet and most do not. */
function drawn(cases: number, profiles: number, personalities: number) {
  const random = seededRandom(4);
  const draw = (of: number) => Array.from({ length: cases }, () => Math.floor(random() * of));
  return { profiles: draw(profiles), personalities: draw(personalities) };
}

const each = Array.from({ length: 100 }, (_, index) => index);
const groups = (count: number) => each.map((index) => index % count);

const DESIGNS: Readonly<Record<string, Sharing>> = {
  '20 profiles shared': { profiles: groups(20), personalities: each, fromProfile: 0.7, fromPersonality: 0 },
  '10 personalities shared': {
    profiles: each,
    personalities: groups(10),
    fromProfile: 0,
    fromPersonality: 0.7,
  },
  '20 x 5, neither matters': { ...crossed(20, 5), fromProfile: 0, fromPersonality: 0 },
  '20 x 5, profiles matter': { ...crossed(20, 5), fromProfile: 0.7, fromPersonality: 0 },
  '20 x 5, personalities matter': { ...crossed(20, 5), fromProfile: 0, fromPersonality: 0.7 },
  '20 x 5, both matter': { ...crossed(20, 5), fromProfile: 0.4, fromPersonality: 0.4 },
  '10 x 10, both matter': { ...crossed(10, 10), fromProfile: 0.4, fromPersonality: 0.4 },
  '100 of 40 x 20, both matter': { ...drawn(100, 40, 20), fromProfile: 0.4, fromPersonality: 0.4 },
};

/** Worlds in which cases share profiles or personalities. */
export function sharing(curve: string): World[] {
  return Object.entries(DESIGNS).map(([name, shared]) => ({
    name: `${curve}, ${name}`,
    cases: 100,
    curve: CURVES[curve]!,
    shared,
  }));
}

/** Worlds in which scores are missing. */
export function missing(curve: string): World[] {
  const kinds = {
    random: 'missing at random',
    'low-cases': 'low cases break off',
    'low-scores': 'cases break off after low scores',
  } as const;
  return (['random', 'low-cases', 'low-scores'] as const).map((kind) => ({
    ...plain(curve, 100),
    name: `${curve}, ${kinds[kind]}`,
    missing: kind,
  }));
}
