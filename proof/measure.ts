import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  AloeEvaluator,
  type BenchmarkCase,
  type Candidate,
  type EvaluationEvent,
  type EvaluationResult,
  type Run,
  saveEvaluation,
} from '../src/index.ts';
import { type Message, system } from '../src/messages.ts';
import { llamaCpp } from '../src/models/llama-cpp.ts';
import { lockPrompt } from '../src/models/locked-prompt.ts';
import { type Prompt, steeredRolePlayerPrompt } from '../src/prompts.ts';
import { ruleJudge } from '../src/rules.ts';
import { SYSTEM } from './corpus.ts';
import { rulesByText } from './people.ts';
import { scriptedInducer } from './scripted-inducer.ts';
import { scriptedUser } from './scripted-user.ts';

export interface Benchmark {
  readonly run: Run;
  readonly cases: readonly BenchmarkCase[];
  readonly turns: number;
  readonly onEvent: (event: EvaluationEvent) => void;
}

export interface MeasureOptions extends Benchmark {
  readonly gpus: number;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The conversation in the shape of the training files. */
export const asTrained: Prompt<{ readonly conversation: readonly Message[] }> = {
  id: 'proof',
  version: 1,
  messages: ({ conversation }) => [system(SYSTEM), ...conversation],
};

/** Enough for the longest response anyone wants. */
export const MAX_OUTPUT_TOKENS = 96;

/** Concurrent conversations. One more than cores, to fill the gaps between computations. */
const LIVE = availableParallelism() + 1;

/** The proof's evaluation: the scripted people, in phrases that no training conversation has, and the rule judge. */
export function createEvaluator({ run, cases, turns, onEvent }: Benchmark): AloeEvaluator {
  const stated = rulesByText(cases.map(({ persona }) => persona));
  return new AloeEvaluator({
    run,
    user: scriptedUser(stated, 'evaluation'),
    inducer: scriptedInducer(stated),
    judge: ruleJudge(),
    cases,
    turns,
    prompts: { user: steeredRolePlayerPrompt },
    responses: { temperature: 0, maxOutputTokens: MAX_OUTPUT_TOKENS },
    concurrency: LIVE,
    onEvent,
  });
}

/** Evaluates a model file on the benchmark's people with the rule judge. */
export async function measure(
  name: string,
  modelPath: string,
  { gpus, folder, signal, ...benchmark }: MeasureOptions,
): Promise<EvaluationResult> {
  const evaluator = createEvaluator(benchmark);
  // One cached prompt per live conversation, so that each finds its own prefix in memory.
  const model = llamaCpp({
    modelPath,
    threads: 1,
    concurrency: LIVE,
    cachedPrompts: LIVE,
    contextSize: 2_048,
    gpu: gpus > 0 && 'auto',
  });
  try {
    const candidate: Candidate = {
      name,
      model,
      prompt: lockPrompt(asTrained, { conversation: [] }),
      messages: (conversation) => asTrained.messages({ conversation }),
    };
    const result = await evaluator.evaluate(candidate, { signal });
    await saveEvaluation(result, join(folder, `${name.replaceAll(/\W+/g, '-').toLowerCase()}.json`));
    return result;
  } finally {
    await model.dispose();
  }
}
