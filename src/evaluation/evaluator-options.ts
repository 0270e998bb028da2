import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkMethod } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { personaSchema } from '../personas/persona.ts';
import type { JudgePromptVariables } from '../prompts/judge.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { RolePlayerVariables } from '../prompts/role-player.ts';
import type { Run } from '../runs/run.ts';
import type { BenchmarkCase } from './benchmark-case.ts';
import type { Candidate } from './candidate.ts';
import type { EvaluationEvent } from './evaluation-events.ts';
import type { Judge } from './judge.ts';
import { holisticJudge } from './judges/holistic-judge.ts';

export interface AloeEvaluatorOptions {
  /** Where calls are journaled and seeds come from. Default: a run in memory with seed 0. */
  readonly run?: Run | undefined;
  /** Plays the user of every case. The run is put around it here. */
  readonly user: ChatModel;
  /**
   * Rates every response. A model becomes a `holisticJudge`. A judge of your own is handed the run with each call, to
   * have its calls journaled.
   */
  readonly judge: Judge | ChatModel;
  /** The benchmark: at least one case, each id once. */
  readonly cases: readonly BenchmarkCase[];
  /** Turns of every conversation. Default 10, as in the paper. */
  readonly turns?: number | undefined;
  /** Cases played side by side; each has up to two calls in flight. Default: the run's `concurrency`. */
  readonly concurrency?: number | undefined;
  /** Prompts of your own. `judge` is for a judge given as a model. Default: those of this library. */
  readonly prompts?:
    | {
        readonly user?: Prompt<RolePlayerVariables> | undefined;
        readonly judge?: Prompt<JudgePromptVariables> | undefined;
      }
    | undefined;
  /** The simulated users' messages. Default: temperature 0.8, at most 160 tokens, as in conversations. */
  readonly userMessages?: GenerationSettings | undefined;
  /** How candidates are sampled. Default: the provider's own settings. */
  readonly response?: GenerationSettings | undefined;
  readonly onEvent?: ((event: EvaluationEvent) => void) | undefined;
}

/** A bare model as the candidate of its own name. */
export function toCandidate(candidate: ChatModel | Candidate): Candidate {
  if (typeof candidate === 'object' && candidate !== null && 'generate' in candidate) {
    return { name: candidate.id, model: candidate };
  }
  checkMethod('candidate.model', candidate?.model, 'generate', 'a ChatModel');
  if (typeof candidate.name !== 'string' || candidate.name === '') {
    throw new InvalidOptionError('candidate.name', 'a name for tables', candidate.name);
  }
  return candidate;
}

/** A model as a holistic judge. */
export function toJudge(judge: Judge | ChatModel, prompt: Prompt<JudgePromptVariables> | undefined): Judge {
  if (typeof judge !== 'object' || judge === null || !('judge' in judge)) {
    checkMethod('judge', judge, 'generate', 'a Judge or a ChatModel');
    return holisticJudge(judge, { prompt });
  }
  if (prompt !== undefined) {
    throw new InvalidOptionError('prompts.judge', 'nothing, as a judge brings its own prompt', prompt);
  }
  return judge;
}

export function checkCases(cases: readonly BenchmarkCase[]): void {
  if (!Array.isArray(cases) || cases.length === 0) {
    throw new InvalidOptionError('cases', 'at least one case', cases);
  }
  const ids = new Set<string>();
  for (const [index, { id, persona }] of cases.entries()) {
    if (typeof id !== 'string' || id === '' || ids.has(id)) {
      throw new InvalidOptionError(`cases[${index}].id`, 'an id that no other case has', id);
    }
    if (!personaSchema.safeParse(persona).success) {
      throw new InvalidOptionError(`cases[${index}].persona`, 'a persona with facts and traits', persona);
    }
    ids.add(id);
  }
}
