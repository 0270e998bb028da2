import type { PersonaPool } from './persona-pool.ts';
import type { FlawedEntry, GrowthOutcome, HigherThreshold, StopReason } from './pool-data.ts';
import { ENTRY_FLAWS } from './quality/entry-flaw.ts';

const REASONS: Readonly<Record<StopReason, string>> = {
  target: '',
  bottleneck: 'too few new entries differed from those before',
  'max-calls': 'the calls were used up',
};

/** What a grown pool lacks to its target sizes, in one sentence for each kind. Empty if it lacks nothing. */
export function describeShortfall({ size, growth }: PersonaPool): string {
  const sentences = (['profiles', 'personalities'] as const).flatMap((kind) => {
    const outcome = growth?.outcomes[kind];
    return outcome?.shortfall ? [describe(kind, size[kind], outcome, outcome.shortfall)] : [];
  });
  return sentences.join('\n');
}

function describe(
  kind: string,
  size: number,
  { stopped, discarded, flawed = [], unusable, generated, higherThresholds = [] }: GrowthOutcome,
  shortfall: number,
): string {
  const refused = flawed.length === 0 ? '' : `${flawed.length} flawed: ${countFlaws(flawed)}, `;
  return (
    `Only ${size} of ${size + shortfall} ${kind}: ${REASONS[stopped]} ` +
    `(${generated} generated, ${discarded.length} near-duplicates, ${refused}${unusable.length} parts of replies unusable).` +
    adviseThreshold(higherThresholds, shortfall)
  );
}

/** `3 echo, 1 placeholder` */
export function countFlaws(flawed: readonly FlawedEntry[]): string {
  return ENTRY_FLAWS.map((flaw) => [flaw, flawed.filter((entry) => entry.flaw === flaw).length] as const)
    .filter(([, count]) => count > 0)
    .map(([flaw, count]) => `${count} ${flaw}`)
    .join(', ');
}

/** The lowest threshold that would have been enough, else the lowest that would have given most. */
function adviseThreshold(steps: readonly HigherThreshold[], shortfall: number): string {
  const most = Math.max(0, ...steps.map(({ more }) => more));
  const wanted = steps.find(({ more }) => more >= Math.min(shortfall, most));
  if (most === 0 || wanted === undefined) return '';
  const { threshold, more } = wanted;
  return ` At a similarity threshold of ${threshold}, up to ${more} more would have been kept.`;
}
