import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conversationTreeSchema } from '../../src/conversations/conversation-tree.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { readEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { evaluationSchema } from '../../src/evaluation/evaluation-result.ts';
import { personaPoolSchema } from '../../src/personas/pool-data.ts';
import { preferenceManifestSchema } from '../../src/preferences/manifest.ts';
import { preferenceRecordSchema } from '../../src/preferences/preference-record.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';

const FORMER_PERSONA = {
  id: 'ann',
  profile: { id: 'nurse', facts: ['Is a nurse'] },
  personality: { id: 'dry', traits: ['Is dry', 'Wants it short'] },
  preferences: [{ kind: 'length', trait: 'T2', maximumWords: 30 }],
};

const PERSONA = {
  id: 'ann',
  profile: { id: 'nurse', facts: ['Is a nurse'] },
  personality: { id: 'dry', traits: ['Is dry', 'Wants it short'] },
  rules: [{ kind: 'length', statement: 'T2', maxWords: 30 }],
};

test('a conversation of version 1 is read under the present names', () => {
  const former = {
    schema: 'aloe-conversation/1',
    id: 'a',
    persona: FORMER_PERSONA,
    root: null,
    failures: [],
    provenance: {
      models: { rolePlayer: 'm', inducer: 'm', preferred: 'm', rejected: 'm' },
      prompts: { rolePlayer: 'p@1', inducer: 'p@1', responder: 'p@1' },
      induction: 'previous-turns',
      seed: 0,
    },
  };
  const present = { ...former, schema: 'aloe-conversation/2', persona: PERSONA };
  expect(conversationTreeSchema.parse(former)).toEqual(present);
  expect(conversationTreeSchema.parse(present)).toEqual(present);
});

test('a record of version 1 is read under the present names and keeps its id', () => {
  const message = { role: 'user', content: 'Hi' };
  const shared = {
    id: 'f15f',
    conversationId: 'a',
    personaId: 'ann',
    turn: 1,
    rejected: 'No.',
    provenance: { revealed: [], preferredModel: 'm', rejectedModel: 'm', path: [] },
  };
  const former = { ...shared, schema: 'aloe-preference/1', context: [message], chosen: 'Yes.' };
  expect(preferenceRecordSchema.parse(former)).toEqual({
    ...shared,
    schema: 'aloe-preference/2',
    conversation: [message],
    preferred: 'Yes.',
  });
});

test('a pool of version 1 is read under the present names', () => {
  const outcome = { stopped: 'target', calls: 1, unusable: [] };
  const growth = {
    model: 'm',
    embedder: 'e',
    seed: 0,
    temperature: 0.8,
    similarityThreshold: 0.6,
    prompts: { profiles: 'p@1', personalities: 'p@1' },
  };
  const pool = {
    profiles: [PERSONA.profile],
    personalities: [PERSONA.personality],
    origins: { profiles: { nurse: 'seed' }, personalities: { dry: 'seed' } },
    warnings: [],
  };
  const formerOutcome = { ...outcome, candidates: 2, rejections: [] };
  const presentOutcome = { ...outcome, generated: 2, discarded: [] };
  expect(
    personaPoolSchema.parse({
      ...pool,
      schema: 'aloe-persona-pool/1',
      growth: { ...growth, outcomes: { profiles: formerOutcome, personalities: formerOutcome } },
    }),
  ).toEqual({
    ...pool,
    schema: 'aloe-persona-pool/2',
    growth: {
      ...growth,
      // One threshold for both kinds, full stops added for comparison, and apart from nothing.
      similarityThreshold: { profiles: 0.6, personalities: 0.6 },
      textRule: 1,
      apartFrom: { profiles: 0, personalities: 0 },
      outcomes: { profiles: presentOutcome, personalities: presentOutcome },
    },
  });
});

test('a manifest of version 1 is read under the present names', () => {
  const shared = {
    version: '0.1.0',
    source: {
      conversations: 1,
      failedConversations: 0,
      decisionPoints: 1,
      models: {},
      prompts: {},
      induction: ['previous-turns'],
    },
    splitBy: 'profile',
    splits: {
      train: { conversations: 1, profiles: 1, personas: 1 },
      validation: { conversations: 0, profiles: 0, personas: 0 },
    },
    mix: null,
    files: [],
    companions: [],
    warnings: [],
  };
  const options = { seed: 0, keepTruncated: false, maxRecordsPerConversation: null, balanceLength: false };
  const former = {
    ...shared,
    schema: 'aloe-manifest/1',
    options: { ...options, validation: 0.1, minimumRevealed: 1 },
    formats: [],
  };
  expect(preferenceManifestSchema.parse(former)).toEqual({
    ...shared,
    schema: 'aloe-manifest/2',
    options: { ...options, validationShare: 0.1, minRevealed: 1 },
    formats: [],
  });
});

test('an evaluation of version 2 is read under the present names', () => {
  const { improvementRate, normalizedImprovementRate, lock, ...shared } = evaluationOf([
    [1, 2],
    [2, 4],
  ]);
  const { responses, user, repeats: _once, ...rest } = lock;
  const { maxStatements, ...checks } = user.checks;
  const former = {
    ...shared,
    cases: shared.cases.map(({ repeat: _first, ...played }) => played),
    schema: 'aloe-evaluation/2',
    // N-IR had an interval, which was wrong on curves that bend.
    statistics: { ...shared.statistics, normalizedImprovementRate: { low: 0.4, high: 0.6 } },
    improvement: improvementRate,
    normalizedImprovement: normalizedImprovementRate,
    lock: { ...rest, response: responses, user: { ...user, checks: { ...checks, mostTold: maxStatements } } },
  };
  expect(evaluationSchema.parse(former)).toEqual({
    ...shared,
    schema: 'aloe-evaluation/3',
    improvementRate,
    normalizedImprovementRate,
    // It wrote null for the defaults, which it sent.
    lock: { ...lock, user: { ...user, temperature: 0.8, maxOutputTokens: 160 } },
  });
});

test('an empty response of version 2, which had no score, is read with the score 1', async () => {
  const present = evaluationOf([
    [4, 1],
    [4, 4],
  ]);
  const [silent, other] = present.cases;
  const withSilence = (score: number | null) => ({
    ...silent!,
    turns: silent!.turns.with(1, {
      ...silent!.turns[1]!,
      response: '',
      judgement: { score, status: 'no-response' as const },
    }),
  });
  const path = join(await mkdtemp(join(tmpdir(), 'aloe-')), 'former.json');
  const former = { ...present, schema: 'aloe-evaluation/2', cases: [withSilence(null), other] };
  await writeFile(path, JSON.stringify(former));
  const read = await readEvaluation(path);
  expect(read.cases).toEqual([withSilence(1), other]);
  expect(read.levels[1]).toEqual({ turn: 2, level: 2.5, scored: 2, asked: 2 });
  const played = { ...present, lock: read.lock };
  expect(compareEvaluations(read, played)).toMatchObject({ difference: 0, cases: 2, warnings: [] });
});
