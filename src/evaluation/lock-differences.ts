import type { LockedPrompt } from '../models/locked-prompt.ts';
import type { EvaluationLock, LockedSampling, LockedView } from './evaluation-lock.ts';
import { describeLockedServed, isServedDifferently } from './locked-served.ts';

/** One part of the lock: how to print it, and what a difference means for a comparison. */
interface LockPart {
  readonly name: string;
  /** Two locks agree on this part when their texts are equal. */
  describe(lock: EvaluationLock): string;
  readonly consequence: string;
  /** Whether scores can be compared although this differs, with care. Default false. */
  readonly isMinor?: boolean | undefined;
  /** Default: whether the texts differ. */
  readonly differs?: ((first: EvaluationLock, second: EvaluationLock) => boolean) | undefined;
}

const PARTS: readonly LockPart[] = [
  {
    name: 'simulated user',
    describe: ({ user }) =>
      `${user.model}, prompt ${describePrompt(user.prompt)}, ${describeSampling(user)}, ${describeChecks(user.checks)}`,
    consequence:
      'The users differ, so neither scores nor conversations are comparable. Evaluate both candidates with the same simulated user.',
  },
  {
    name: 'judge',
    describe: ({ judge }) =>
      [judge.id, ...judge.prompts.map((prompt) => `prompt ${describePrompt(prompt)}`)].join(', '),
    consequence:
      'Scores from different judges are not comparable; the conversations are. Use rejudge() to score one result with the judge of the other.',
  },
  {
    name: 'model behind the simulated user',
    describe: ({ user }) => describeLockedServed(user.served),
    differs: ({ user: one }, { user: other }) => isServedDifferently(one.served, other.served),
    consequence:
      'The same name stood for different models, so the users differ, and neither scores nor conversations are comparable. Evaluate both candidates with a user model that is asked for by its full name.',
  },
  {
    name: 'model behind the judge',
    describe: ({ judge }) => describeLockedServed(judge.served),
    differs: ({ judge: one }, { judge: other }) => isServedDifferently(one.served, other.served),
    consequence:
      'The same name stood for different models, so scores are not comparable; the conversations are. Use rejudge() to score both with one judge.',
  },
  {
    name: 'set of cases',
    describe: ({ cases }) => `${cases.count} (hash ${shortHash(cases.sha256)})`,
    consequence: 'Some users differ, or change at different turns. Compare scores only where they match.',
  },
  {
    name: 'number of turns',
    describe: ({ turns }) => String(turns),
    consequence: 'AL(k) is comparable for turns that both have; averages and rates are not.',
  },
  {
    name: 'number of repeats',
    describe: ({ repeats }) => String(repeats),
    consequence:
      'Averages are comparable; that of fewer repeats is less certain. Differences rest on the repeats that both have.',
    isMinor: true,
  },
  {
    name: 'candidate sampling',
    describe: ({ responses }) => describeSampling(responses),
    consequence: 'Scores are comparable, but a difference reflects model and sampling together.',
    isMinor: true,
  },
  {
    name: 'seed',
    describe: ({ seed }) => String(seed),
    consequence:
      'The same users wrote different messages. Compare averages over many cases, not single cases.',
    isMinor: true,
  },
  {
    name: 'aloe-align version',
    describe: ({ version }) => version,
    consequence: 'Scores are comparable as long as nothing else in the lock differs.',
    isMinor: true,
  },
];

/** The parts of a lock as readable name and value. */
export function describeLock(lock: EvaluationLock): { readonly name: string; readonly value: string }[] {
  return PARTS.map(({ name, describe }) => ({ name, value: describe(lock) }));
}

/** What differs between two locks, and what can still be compared. Empty when they are equal. */
export function describeLockDifferences(first: EvaluationLock, second: EvaluationLock): string[] {
  return differingParts(first, second).map(
    ({ name, describe, consequence }) =>
      `Different ${name}: ${describe(first)} vs. ${describe(second)}. ${consequence}`,
  );
}

/** The names of what differs between two locks so that their scores cannot be compared. */
export function incomparableParts(first: EvaluationLock, second: EvaluationLock): string[] {
  return differingParts(first, second).flatMap(({ name, isMinor }) => (isMinor ? [] : [name]));
}

function differingParts(first: EvaluationLock, second: EvaluationLock): LockPart[] {
  return PARTS.filter(
    ({ describe, differs }) => differs?.(first, second) ?? describe(first) !== describe(second),
  );
}

/** `judge@2 (3f2a91bc)` */
export function describePrompt({ name, sha256 }: LockedPrompt): string {
  return `${name} (${shortHash(sha256)})`;
}

function describeSampling({ temperature, maxOutputTokens, shownTurns }: LockedSampling & LockedView): string {
  const shown = shownTurns === null ? '' : `, last ${shownTurns} turns shown`;
  return `temperature ${temperature ?? 'default'}, max tokens ${maxOutputTokens ?? 'default'}${shown}`;
}

function describeChecks({
  attempts,
  maxStatements,
  model,
  prompt,
}: EvaluationLock['user']['checks']): string {
  const checker = model === null ? '' : `, checked by ${model} with prompt ${prompt ?? 'contradiction@1'}`;
  return `${attempts} attempts, at most ${maxStatements} statements per message${checker}`;
}

function shortHash(hash: string): string {
  return hash.slice(0, 8);
}
