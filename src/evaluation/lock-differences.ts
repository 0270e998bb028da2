import type { LockedPrompt } from '../models/locked-prompt.ts';
import type { EvaluationLock, LockedSampling, LockedView } from './evaluation-lock.ts';

/** One part of the lock: how it reads, and what follows where two results differ in it. */
interface LockPart {
  readonly name: string;
  /** Equal texts are equal parts. */
  describe(lock: EvaluationLock): string;
  readonly consequence: string;
}

const PARTS: readonly LockPart[] = [
  {
    name: 'simulated user',
    describe: ({ user }) =>
      `${user.model}, prompt ${describePrompt(user.prompt)}, ${describeSampling(user)}, ${describeChecks(user.checks)}`,
    consequence:
      'The conversations are with other users: neither scores nor conversations can be compared. Evaluate both candidates with the same user.',
  },
  {
    name: 'judge',
    describe: ({ judge }) =>
      [judge.id, ...judge.prompts.map((prompt) => `prompt ${describePrompt(prompt)}`)].join(', '),
    consequence:
      'Scores of different judges cannot be compared; the conversations can: rejudge() scores one result with the judge of the other.',
  },
  {
    name: 'set of cases',
    describe: ({ cases }) => `${cases.count} with the hash ${shortHash(cases.sha256)}`,
    consequence:
      'The users are not the same, or not the whole time: scores can be compared only where they are.',
  },
  {
    name: 'number of turns',
    describe: ({ turns }) => String(turns),
    consequence: 'AL(k) can be compared as far as both go, averages and rates cannot.',
  },
  {
    name: 'sampling of the candidate',
    describe: ({ responses }) => describeSampling(responses),
    consequence: 'Scores can be compared, but a difference is that of model and sampling together.',
  },
  {
    name: 'seed',
    describe: ({ seed }) => String(seed),
    consequence:
      'The same users said other things: averages over many cases can be compared, single cases hardly.',
  },
  {
    name: 'version of aloe-align',
    describe: ({ version }) => version,
    consequence: 'Scores can be compared as far as nothing else in the lock differs.',
  },
];

/** The parts of a lock by name, as people read them. */
export function describeLock(lock: EvaluationLock): { readonly name: string; readonly value: string }[] {
  return PARTS.map(({ name, describe }) => ({ name, value: describe(lock) }));
}

/** Says what differs between two locks, and what may still be compared. Empty for equal ones. */
export function describeLockDifferences(first: EvaluationLock, second: EvaluationLock): string[] {
  return PARTS.flatMap(({ name, describe, consequence }) => {
    const [one, other] = [describe(first), describe(second)];
    return one === other ? [] : [`Another ${name}: ${one}; and ${other}. ${consequence}`];
  });
}

/** `judge@2 (3f2a91bc)` */
export function describePrompt({ name, sha256 }: LockedPrompt): string {
  return `${name} (${shortHash(sha256)})`;
}

function describeSampling({ temperature, maxOutputTokens, shownTurns }: LockedSampling & LockedView): string {
  const shown = shownTurns === null ? '' : `, shown ${shownTurns} turns`;
  return `temperature ${temperature ?? 'by default'}, ${maxOutputTokens ?? 'default'} tokens${shown}`;
}

function describeChecks({ attempts, maxStatements, model }: EvaluationLock['user']['checks']): string {
  const checker = model === null ? '' : `, contradictions by ${model}`;
  return `${attempts} attempts, ${maxStatements} statements a message${checker}`;
}

function shortHash(hash: string): string {
  return hash.slice(0, 8);
}
