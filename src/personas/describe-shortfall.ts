import type { PersonaPool } from './persona-pool.ts';
import type { GrowthOutcome, StopReason } from './pool-data.ts';

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
  { stopped, discarded, unusable, generated }: GrowthOutcome,
  shortfall: number,
): string {
  return (
    `Only ${size} of ${size + shortfall} ${kind}: ${REASONS[stopped]} ` +
    `(${generated} generated, ${discarded.length} near-duplicates, ${unusable.length} parts of replies unusable).`
  );
}
