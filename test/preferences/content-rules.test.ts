import { describe, expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import type { PairVerdict } from '../../src/conversations/pair-verdict.ts';
import type { MessageChecks } from '../../src/conversations/user-checks/user-check.ts';
import { createContentRules, evidenceOf } from '../../src/preferences/content-rules.ts';
import { CONTENT_DROPS, type ContentDrop } from '../../src/preferences/drop-reasons.ts';
import { findFlaw } from '../../src/preferences/drops.ts';
import { pointRecords } from '../../src/preferences/records.ts';
import { dry, nurse, type PlayedTurn, playedTree } from './trees.ts';

const good: PlayedTurn = {
  user: 'I sit on the balcony and wait for the tomatoes.',
  revealed: ['T1'],
  preferred: 'Who is winning?',
  rejected: 'That sounds like a lot of work.',
};

interface Change extends Partial<PlayedTurn> {
  readonly persona?: ConversationTree['persona'];
  readonly checks?: MessageChecks;
  readonly verdict?: PairVerdict;
}

function pointRecordOf({ persona, checks, verdict, ...turn }: Change = {}) {
  const tree = playedTree('c', nurse, dry, [{ ...good, ...turn }]);
  const root = { ...tree.root!, ...(checks && { checks }), ...(verdict && { verdict }) };
  const [pointRecord] = [...pointRecords({ ...tree, root, ...(persona && { persona }) })];
  return pointRecord!;
}

/** Why each kind of format leaves the record out. */
function flaws(change: Change, keep: readonly ContentDrop[] = [], prompts: readonly string[] = []) {
  const options = { minRevealed: 1, keepTruncated: false, rules: createContentRules({ keep, prompts }) };
  const find = (kind: Parameters<typeof findFlaw>[0]) => findFlaw(kind, pointRecordOf(change), options);
  return [find('pair'), find('demonstration'), find('rejected-demonstration')];
}

const verdict = (winner: PairVerdict['winner']): PairVerdict => ({
  winner,
  margin: -1.5,
  judge: 'judge-model',
  prompt: 'verify-pair@1',
  orders: [],
});

const KINDS = ['pair', 'demonstration', 'rejected-demonstration'] as const;

const loop = 'I love to read about the sea. I love to read about the sea.';
const german =
  'Ich glaube, dass die Tomaten auf dem Balkon nur etwas mehr Sonne und weniger Wasser brauchen.';

const examples: readonly [ContentDrop, Change, readonly (typeof KINDS)[number][], string][] = [
  [
    'prompt-leak',
    { preferred: 'What you know about me: dry' },
    ['pair', 'demonstration'],
    'what you know about me',
  ],
  [
    'prompt-leak',
    { rejected: 'The friend answers: hi' },
    ['pair', 'rejected-demonstration'],
    'the friend answers',
  ],
  [
    'benchmark-overlap',
    { persona: aloeCases({ count: 1 })[0]!.persona },
    ['pair', 'demonstration', 'rejected-demonstration'],
    'aloe-001',
  ],
  [
    'benchmark-overlap',
    { preferred: aloeCases({ count: 1 })[0]!.persona.profile.facts[0]! },
    ['pair', 'demonstration'],
    'marit solheim 54 forecasts avalanches for the county',
  ],
  [
    'flawed-user-turn',
    { checks: { found: ['oversharing'], kept: 'oversharing' } },
    ['pair', 'demonstration', 'rejected-demonstration'],
    'oversharing',
  ],
  [
    'refusal',
    { rejected: 'I cannot fulfill your request.' },
    ['pair', 'rejected-demonstration'],
    'i cannot fulfill your request',
  ],
  ['assistant-voice', { preferred: 'As an AI, I like tomatoes.' }, ['pair', 'demonstration'], 'as an ai'],
  ['assistant-voice', { rejected: 'As an AI, I like tomatoes.' }, ['rejected-demonstration'], 'as an ai'],
  ['wrong-language', { preferred: german }, ['pair', 'demonstration'], 'de to en'],
  ['repetition', { rejected: loop }, ['pair', 'rejected-demonstration'], 'repeats 50 % of itself'],
  [
    'recites-unrevealed',
    { preferred: 'You are a night nurse on a ward in Porto, after all.' },
    ['pair', 'demonstration'],
    nurse.facts[0]!,
  ],
  ['near-identical', { rejected: 'Who is winning!' }, ['pair'], 'similarity 1.00'],
  ['wrong-way', { verdict: verdict('rejected') }, ['pair'], 'margin -1.5 by judge-model'],
  ['undecided', { verdict: verdict('undecided') }, ['pair'], 'margin -1.5 by judge-model'],
];

describe('the rules on content', () => {
  test('find nothing in a good pair, nor in one whose judge agrees', () => {
    expect(flaws({})).toEqual([null, null, null]);
    expect(flaws({ verdict: verdict('preferred') })).toEqual([null, null, null]);
  });

  test.each(examples)(
    '%s: kinds are judged by what they train on (%#)',
    (reason, change, kinds, evidence) => {
      const found = KINDS.filter((_, index) => flaws(change)[index] === reason);
      expect(found).toEqual(kinds);
      expect(flaws(change).filter((flaw) => flaw !== null && flaw !== reason)).toEqual([]);
      const rules = createContentRules({ keep: [], prompts: [] });
      expect(evidenceOf(reason, found[0]!, pointRecordOf(change), rules)).toBe(evidence);
    },
  );

  test.each(examples)('%s can be switched off (%#)', (reason, change) => {
    expect(flaws(change, [reason])).toEqual([null, null, null]);
    expect(
      flaws(
        change,
        CONTENT_DROPS.filter((each) => each !== reason),
      ),
    ).toContain(reason);
  });

  test('every rule has an example', () => {
    expect([...new Set(examples.map(([reason]) => reason))]).toEqual(CONTENT_DROPS);
  });

  test('take prompts of the caller', () => {
    const change = { preferred: 'Speak as a pirate who has lost his only ship.' };
    expect(flaws(change)).toEqual([null, null, null]);
    expect(flaws(change, [], ['Speak as a pirate who has lost his only ship.'])[0]).toBe('prompt-leak');
  });

  test('have no evidence for other reasons', () => {
    const rules = createContentRules({ keep: [], prompts: [] });
    expect(evidenceOf('duplicate', 'pair', pointRecordOf(), rules)).toBeNull();
    expect(evidenceOf('refusal', 'pair', pointRecordOf(), rules)).toBeNull();
  });
});
