import type { ContentDrop } from './drop-reasons.ts';
import { caseOfPersona } from './faults/benchmark-overlap.ts';
import { findFlawedUserTurn } from './faults/flawed-user-turn.ts';
import { findRecited } from './faults/recites-unrevealed.ts';
import type { TextCheck, TrainedTexts } from './faults/text-check.ts';
import { createTextChecks } from './faults/text-checks.ts';
import type { PointRecord } from './point-record.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';
import { recordFor } from './records.ts';

type Kind = PreferenceFormat['kind'];

/** One rule on the content of records. */
export interface ContentRule {
  readonly reason: ContentDrop;
  /** What is wrong with a record as a format of this kind trains on it, for a reader. Null if nothing is. */
  find(kind: Kind, pointRecord: PointRecord): string | null;
}

/** Options of {@link createContentRules}. */
export interface ContentRuleOptions {
  /** Rules that are switched off. */
  readonly keep: readonly ContentDrop[];
  /** Texts of prompts of the caller's own. */
  readonly prompts: readonly string[];
}

/** The rules on content, in the order in which they are asked: what comes first names the reason. */
export function createContentRules({ keep, prompts }: ContentRuleOptions): readonly ContentRule[] {
  const [leak, overlap, ...others] = createTextChecks(prompts).map(textRule) as [ContentRule, ContentRule];
  const rules = [
    leak,
    benchmarkPersonaRule,
    overlap,
    flawedUserRule,
    ...others,
    recitesRule,
    ...verdictRules,
  ];
  return rules.filter(({ reason }) => !keep.includes(reason));
}

/** What is wrong with a record that one of the rules has left out. Null if the rules do not know the reason. */
export function evidenceOf(
  reason: string,
  kind: Kind,
  pointRecord: PointRecord,
  rules: readonly ContentRule[],
): string | null {
  for (const rule of rules) {
    const evidence = rule.reason === reason ? rule.find(kind, pointRecord) : null;
    if (evidence !== null) return evidence;
  }
  return null;
}

function textRule({ fault, find }: TextCheck): ContentRule {
  return { reason: fault, find: (kind, { record }) => find(trainedTexts(kind, record)) };
}

function trainedTexts(kind: Kind, record: PreferenceRecord): TrainedTexts {
  const { conversation, preferred, rejected } = recordFor(kind, record);
  return { conversation, preferred, rejected: kind === 'pair' ? rejected : null };
}

const benchmarkPersonaRule: ContentRule = {
  reason: 'benchmark-overlap',
  find: (_kind, { tree }) => caseOfPersona(tree.persona) || null,
};

const flawedUserRule: ContentRule = {
  reason: 'flawed-user-turn',
  find: (_kind, { tree, point }) => findFlawedUserTurn(tree, point.node, point.path),
};

const recitesRule: ContentRule = {
  reason: 'recites-unrevealed',
  find(kind, { tree, point, record }) {
    if (kind === 'rejected-demonstration') return null;
    const known = { persona: tree.persona, revealed: point.node.revealed };
    return findRecited(record.preferred, record.conversation, known)?.text ?? null;
  },
};

/** A judge has compared the two responses. A demonstration is not a comparison. */
const verdictRules: readonly ContentRule[] = (
  [
    ['wrong-way', 'rejected'],
    ['undecided', 'undecided'],
  ] as const
).map(([reason, winner]) => ({
  reason,
  find(kind, { point }) {
    const { verdict } = point.node;
    return kind === 'pair' && verdict?.winner === winner
      ? `margin ${verdict.margin} by ${verdict.judge}`
      : null;
  },
}));
