import * as z from 'zod';
import type { CaseAtTurn } from '../../benchmark/benchmark-case.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import { type Prompt, promptName } from '../../models/prompt.ts';
import { tidyStatements } from '../../personas/statements.ts';
import type { Judge, JudgeCallOptions } from '../judge.ts';
import {
  exampleConversation,
  exampleErrand,
  examplePersona,
  exampleResponse,
} from '../prompts/example-variables.ts';
import { type JudgeChecklistVariables, judgeChecklistPrompt } from '../prompts/judge-checklist.ts';
import { type JudgeItemsVariables, judgeItemsPrompt } from '../prompts/judge-items.ts';
import { isSilent, silentJudgement } from '../silent-response.ts';
import { failedJudgement } from './failed-judgement.ts';
import { JUDGE_MODEL_OPTIONS, type JudgeModelOptions, judgeModel } from './judge-model.ts';
import { scoreItems } from './score-items.ts';

/** Options of {@link checklistJudge}. */
export interface ChecklistJudgeOptions extends JudgeModelOptions {
  /** Number of questions per case, 3 to 20. Default 8. */
  readonly items?: number | undefined;
  /** Token limit for the questions, and for the answers. Default 60 per question, at least 300. */
  readonly maxOutputTokens?: number | undefined;
  /** Replace the built-in prompts: `items` writes the questions, `checklist` answers them. */
  readonly prompts?:
    | {
        readonly items?: Prompt<JudgeItemsVariables> | undefined;
        readonly checklist?: Prompt<JudgeChecklistVariables> | undefined;
      }
    | undefined;
}

const MIN_ITEMS = 3;
const TOKENS_PER_ITEM = 60;

/**
 * A judge that derives yes-or-no questions from the persona once per case and answers them for every response. The score
 * is 1 + 4 x the share of yes. The answers are kept in `items`.
 *
 * The questions are a separate call whose journal key has the case but not the candidate: with a run, all turns and all
 * candidates share it.
 *
 * @example
 * ```ts
 * import { checklistJudge } from 'aloe-align';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const judge = checklistJudge(openai('gpt-4o'), { items: 10 });
 * ```
 *
 * @throws InvalidOptionError if an option is out of range.
 */
export function checklistJudge(model: ChatModel, options: ChecklistJudgeOptions = {}): Judge {
  checkKnownOptions<ChecklistJudgeOptions>('checklistJudge()', options, {
    ...JUDGE_MODEL_OPTIONS,
    items: true,
    prompts: true,
  });
  const count = checkNumber('items', options.items ?? 8, { min: MIN_ITEMS, max: 20, integer: true });
  const itemsPrompt = options.prompts?.items ?? judgeItemsPrompt;
  const checklistPrompt = options.prompts?.checklist ?? judgeChecklistPrompt;
  const asked = judgeModel(model, options, Math.max(300, TOKENS_PER_ITEM * count));
  const itemsSchema = itemsSchemaOf(count);

  async function drawItems(benchmarkCase: CaseAtTurn, judgeOptions: JudgeCallOptions): Promise<string[]> {
    const { id, persona, task } = benchmarkCase;
    const { place, run } = judgeOptions;
    const ofCase = { task: place?.task ?? 'evaluation', subject: id, role: 'checklist' };
    const messages = itemsPrompt.messages({ persona, task, count });
    const { items } = await asked.ask(
      { name: 'checklist', schema: itemsSchema, messages },
      { ...judgeOptions, place: ofCase, seed: run?.seedFor(ofCase) ?? 0 },
    );
    return items;
  }

  return {
    id: `checklist:${promptName(itemsPrompt)}:${promptName(checklistPrompt)}:${count}:${asked.name}`,
    models: [model],
    prompts: [
      lockPrompt(
        itemsPrompt,
        { persona: examplePersona, count },
        { persona: examplePersona, task: exampleErrand.task, count },
      ),
      lockPrompt(checklistPrompt, {
        items: ['Is it short?', 'Is it a riddle?'],
        conversation: asked.visible(exampleConversation),
        response: exampleResponse,
      }),
    ],
    async judge({ case: benchmarkCase, conversation, response }, judgeOptions = {}) {
      if (isSilent(response)) return silentJudgement();
      try {
        const items = await drawItems(benchmarkCase, judgeOptions);
        const messages = checklistPrompt.messages({
          items,
          conversation: asked.visible(conversation),
          response,
        });
        const answers = await asked.ask(
          { name: 'answers', schema: answersSchemaOf(items.length), messages },
          judgeOptions,
        );
        return scoreItems(items.map((item, index) => ({ item, met: answers[index + 1] === 'yes' })));
      } catch (error) {
        return failedJudgement(error, judgeOptions.signal);
      }
    },
  };
}

type Items = z.ZodType<{ items: string[] }>;

/** Keeps only questions, strips their numbers, drops duplicates, and cuts the list to the requested length. */
function itemsSchemaOf(count: number): Items {
  const limits = { minStatements: MIN_ITEMS, maxStatements: count, maxLength: 200 };
  const tidy = (items: unknown) =>
    Array.isArray(items) && items.every((item) => typeof item === 'string')
      ? tidyStatements(items.filter(isQuestion), limits)
      : items;
  return z.object({ items: z.preprocess(tidy, z.array(z.string()).min(MIN_ITEMS).max(count)) });
}

const AFTER_LAST_WORD = /(?<!\W)\W*$/;

function isQuestion(item: string): boolean {
  return /[?？؟]/.test(item.slice(item.search(AFTER_LAST_WORD)));
}

type Answers = z.ZodType<Record<string, 'yes' | 'no'>>;

/** One answer per question, keyed by number, so that none can be left out or shift to another question. */
function answersSchemaOf(count: number): Answers {
  const answer = z.preprocess(readAnswer, z.enum(['yes', 'no']));
  return z.object(Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 1, answer])));
}

/** Accepts what models write: "yes", "Yes.", true, 1. */
function readAnswer(value: unknown): unknown {
  if (value === true || value === 1) return 'yes';
  if (value === false || value === 0) return 'no';
  return typeof value === 'string' ? value.toLowerCase().replace(/[^a-z]/g, '') : value;
}
