import * as z from 'zod';
import { type BenchmarkCase, userOf } from '../benchmark/benchmark-case.ts';
import { MAX_TURNS } from '../conversations/conversation-tree.ts';
import { type GenerationSettings, userMessageSettings } from '../conversations/generation-settings.ts';
import type { RolePlayerVariables } from '../conversations/prompts/role-player.ts';
import { userCheckPrompt } from '../conversations/prompts/user-check.ts';
import type { CheckedUserCheckOptions } from '../conversations/user-checks/user-check-options.ts';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { VERSION } from '../internal/version.ts';
import { assistant } from '../messages.ts';
import { type LockedPrompt, lockedPromptSchema, lockPrompt } from '../models/locked-prompt.ts';
import { type Prompt, promptName } from '../models/prompt.ts';
import type { Judge } from './judge.ts';
import { type LockedServed, lockedServedSchema, lockServed } from './locked-served.ts';
import { exampleConversation, exampleErrand, examplePersona } from './prompts/example-variables.ts';
import type { ServedByRole } from './served-by-role.ts';
import type { ShownTurns } from './shown-turns.ts';

/** Sampling settings as they are sent, whether they were given as options or are defaults of this library. */
export interface LockedSampling {
  /** Null if none is sent, so that the provider's default applies. */
  readonly temperature: number | null;
  /** Most tokens per message; null if no limit is sent. */
  readonly maxOutputTokens: number | null;
}

/** How much of the conversation was shown. */
export interface LockedView {
  /** Number of last turns shown, including the current one; null for all. */
  readonly shownTurns: number | null;
}

/** The judge of an evaluation. */
export interface LockedJudge {
  /** Includes the id of its model. */
  readonly id: string;
  /** Its prompts with their hashes; empty for a judge without prompts. */
  readonly prompts: readonly LockedPrompt[];
  /** Which models answered, as their servers report it. Absent in results of version 0.1. */
  readonly served?: readonly LockedServed[] | undefined;
}

/**
 * Everything a score depends on apart from the candidate. Numbers from results with equal locks are comparable;
 * `compareEvaluations` explains what a difference means.
 */
export interface EvaluationLock {
  /** Version of this package when the conversations were played. */
  readonly version: string;
  /** The simulated users. */
  readonly user: {
    readonly model: string;
    readonly prompt: LockedPrompt;
    /** How messages were checked and retried. */
    readonly checks: {
      readonly attempts: number;
      readonly maxStatements: number;
      /** Id of the model that checks them beside the rules. Null for none. */
      readonly model: string | null;
      /** Name of the prompt for that model. Absent without a model, and in results of versions that asked for contradictions alone. */
      readonly prompt?: string | undefined;
    };
    /** Which models answered, as their servers report it. Absent in results of version 0.1. */
    readonly served?: readonly LockedServed[] | undefined;
  } & LockedSampling &
    LockedView;
  /** Who scored the responses. */
  readonly judge: LockedJudge;
  /** How candidates were sampled, and how much of the conversation they saw. */
  readonly responses: LockedSampling & LockedView;
  /** The hash covers ids, personas, drifts, situations, tasks and habits, independent of order. */
  readonly cases: { readonly count: number; readonly sha256: string };
  /** Number of turns per case. */
  readonly turns: number;
  /** Number of simulations of each case. */
  readonly repeats: number;
  /** The run's seed, from which the seed of each call is derived. */
  readonly seed: number;
}

const settingsShape = {
  temperature: z.number().nullable(),
  maxOutputTokens: z.number().nullable(),
  shownTurns: z.int().min(1).nullable(),
};
const checksSchema = z.object({
  attempts: z.int(),
  maxStatements: z.int(),
  model: z.string().nullable(),
  prompt: z.string().optional(),
});

export const evaluationLockSchema: z.ZodType<EvaluationLock> = z.object({
  version: z.string(),
  user: z.object({
    model: z.string(),
    prompt: lockedPromptSchema,
    checks: checksSchema,
    served: lockedServedSchema.optional(),
    ...settingsShape,
  }),
  judge: z.object({
    id: z.string(),
    prompts: z.array(lockedPromptSchema),
    served: lockedServedSchema.optional(),
  }),
  responses: z.object(settingsShape),
  cases: z.object({ count: z.int().min(1), sha256: z.string() }),
  // Every turn gets a column in every table, however few were played.
  turns: z.int().min(1).max(MAX_TURNS),
  repeats: z.int().min(1),
  seed: z.int(),
});

/** The settings of an evaluation that go into its lock. */
export interface LockedSetting {
  readonly user: { readonly id: string };
  readonly userPrompt: Prompt<RolePlayerVariables>;
  readonly userMessages: GenerationSettings;
  readonly userChecks: CheckedUserCheckOptions & { readonly attempts: number };
  readonly shownTurns: ShownTurns;
  readonly judge: Judge;
  readonly responses: GenerationSettings;
  readonly cases: readonly BenchmarkCase[];
  readonly turns: number;
  readonly repeats: number;
  readonly seed: number;
  /** Which models answered. */
  readonly served?: ServedByRole | undefined;
}

/** Builds the lock of an evaluation. */
export function lockEvaluation(setting: LockedSetting): EvaluationLock {
  const {
    user,
    userPrompt,
    userMessages,
    userChecks,
    judge,
    responses,
    cases,
    turns,
    repeats,
    seed,
    served,
  } = setting;
  const variables = { persona: examplePersona, focus: examplePersona.profile.facts[0]! };
  const heard = [...exampleConversation, assistant('How late?')];
  return {
    version: VERSION,
    user: {
      model: user.id,
      prompt: lockPrompt(
        userPrompt,
        { ...variables, conversation: [] },
        { ...variables, conversation: heard },
        { ...variables, conversation: heard, again: true, former: examplePersona, correction: 'Too long.' },
        { ...variables, conversation: heard, ...exampleErrand },
      ),
      ...userMessageSettings(userMessages),
      checks: {
        attempts: userChecks.attempts,
        maxStatements: userChecks.maxStatements,
        model: userChecks.model?.id ?? null,
        ...(userChecks.model !== undefined && { prompt: promptName(userCheckPrompt) }),
      },
      ...(served?.user && { served: lockServed(served.user) }),
      shownTurns: lockTurns(setting.shownTurns.user),
    },
    judge: lockJudge(judge, served?.judge),
    responses: { ...lockSampling(responses), shownTurns: lockTurns(setting.shownTurns.candidate) },
    cases: lockCases(cases),
    turns,
    repeats,
    seed,
  };
}

/** The judge's part of a lock. */
export function lockJudge({ id, prompts = [] }: Judge, served?: ServedByRole['judge']): LockedJudge {
  return { id, prompts, ...(served && { served: lockServed(served) }) };
}

function lockCases(cases: readonly BenchmarkCase[]): EvaluationLock['cases'] {
  const hashes = cases
    .map((benchmarkCase) => sha256(canonicalJson({ id: benchmarkCase.id, ...userOf(benchmarkCase) })))
    .sort();
  return { count: cases.length, sha256: sha256(hashes.join('\n')) };
}

/** Null for all turns: JSON has no infinity. */
function lockTurns(turns: number): number | null {
  return turns === Infinity ? null : turns;
}

/** Null for what is not sent: JSON has no undefined. */
function lockSampling({ temperature, maxOutputTokens }: GenerationSettings): LockedSampling {
  return { temperature: temperature ?? null, maxOutputTokens: maxOutputTokens ?? null };
}
