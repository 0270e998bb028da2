import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { checkSettings } from '../conversations/generation-settings.ts';
import { ContentFilterError } from '../errors.ts';
import { concurrentMap } from '../internal/concurrent-map.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import { user } from '../messages.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { withoutReasoning } from '../models/without-reasoning.ts';
import { checkRun, type Run } from '../runs/run.ts';
import type { AbilitiesResult, AnsweredInstruction, InstructionsResult } from './abilities-result.ts';
import { followsInstruction } from './instruction-rule.ts';
import { drawInstructions, INSTRUCTIONS_VERSION, type Instruction } from './instructions.ts';
import type { LikelihoodResult } from './likelihood-result.ts';
import type { LmEvalResult } from './lm-eval-result.ts';

/** Options of {@link measureAbilities}. */
export interface MeasureAbilitiesOptions {
  /** Default: a run in memory, which resumes nothing. */
  readonly run?: Run | undefined;
  /** Name in tables, and to find the evaluation of the same candidate. Default: the model's id. */
  readonly name?: string | undefined;
  /** Number of requests, drawn by the run's seed. Default: all 80. */
  readonly count?: number | undefined;
  /** How responses are sampled. Default: temperature 0, at most 400 tokens. */
  readonly responses?: GenerationSettings | undefined;
  /** From `measureLikelihood()`. Default: not measured. */
  readonly likelihood?: LikelihoodResult | undefined;
  /** From `runLmEval()`. Default: not measured. */
  readonly lmEval?: LmEvalResult | undefined;
  /** Called with each request that was answered. */
  readonly onEvent?: ((event: AbilitiesEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Progress of {@link measureAbilities}. */
export interface AbilitiesEvent {
  readonly type: 'instruction-answered';
  readonly item: AnsweredInstruction;
  /** Requests answered so far, and in all. */
  readonly done: number;
  readonly total: number;
}

/** Enough for the longest answer that is asked for. */
const RESPONSES: GenerationSettings = { temperature: 0, maxOutputTokens: 400 };

/**
 * Measures whether a model follows instructions that have nothing to do with alignment, and that code can check: a number of
 * words, JSON only, another language, lower case. Measure a model before and after training, and compare with
 * `compareAbilities()`.
 *
 * @example
 * ```ts
 * import { measureAbilities, saveAbilities } from 'aloe-align/abilities';
 *
 * const base = await measureAbilities(model, { run, name: 'base' });
 * console.log(base.instructions?.followed);
 * await saveAbilities(base, 'base.abilities.json');
 * ```
 *
 * @throws InvalidOptionError for an option that is unknown or out of range; what a call throws, once retries are over.
 */
export async function measureAbilities(
  model: ChatModel,
  options: MeasureAbilitiesOptions = {},
): Promise<AbilitiesResult> {
  checkMethod('model', model, 'generate', 'a ChatModel');
  checkKnownOptions<MeasureAbilitiesOptions>('measureAbilities()', options, {
    run: true,
    name: true,
    count: true,
    responses: true,
    likelihood: true,
    lmEval: true,
    onEvent: true,
    signal: true,
  });
  const { name = model.id, likelihood = null, lmEval = null } = options;
  if (options.count !== undefined) checkNumber('count', options.count, { min: 1, integer: true });
  return {
    schema: 'aloe-abilities/1',
    candidate: { name, model: model.id },
    instructions: await measureInstructions(model, options),
    likelihood,
    lmEval,
  };
}

async function measureInstructions(
  bare: ChatModel,
  options: MeasureAbilitiesOptions,
): Promise<InstructionsResult> {
  const { name = bare.id, signal: outer, onEvent } = options;
  const run = checkRun(options.run);
  const responses = { ...RESPONSES, ...checkSettings('responses', options.responses) };
  const asked = drawInstructions(options.count, run.seed);
  const model = run.model(bare);
  const answer = (instruction: Instruction, signal: AbortSignal) =>
    answerInstruction(instruction, { name, model, run, responses, signal });
  const items: AnsweredInstruction[] = [];
  const order = { concurrency: run.concurrency, order: 'input', signal: outer } as const;
  for await (const item of concurrentMap(asked, answer, order)) {
    items.push(item);
    onEvent?.({ type: 'instruction-answered', item, done: items.length, total: asked.length });
  }
  const followed = items.filter((item) => item.followed).length;
  return {
    version: INSTRUCTIONS_VERSION,
    followed: followed / items.length,
    interval: wilsonInterval(followed, items.length),
    responses: {
      temperature: responses.temperature ?? null,
      maxOutputTokens: responses.maxOutputTokens ?? null,
    },
    seed: run.seed,
    items,
  };
}

interface AskSetting {
  readonly name: string;
  readonly model: ChatModel;
  readonly run: Run;
  readonly responses: GenerationSettings;
  readonly signal: AbortSignal;
}

async function answerInstruction(
  { id, prompt, rules }: Instruction,
  { name, model, run, responses, signal }: AskSetting,
): Promise<AnsweredInstruction> {
  const place = { task: 'abilities', subject: id, role: name };
  // The same seed for all candidates.
  const seed = run.seedFor({ ...place, role: 'candidate' });
  const request = { messages: [user(prompt)], ...responses, seed };
  const response = await model.generate(request, { signal, place }).then(
    ({ text }) => withoutReasoning(text).trim(),
    (error: unknown) => {
      // A withheld reply is one that follows nothing.
      if (ContentFilterError.isInstance(error)) return '';
      throw error;
    },
  );
  const checked = rules.map((rule) => ({ rule, followed: followsInstruction(rule, response) }));
  return { id, prompt, response, rules: checked, followed: checked.every((rule) => rule.followed) };
}
