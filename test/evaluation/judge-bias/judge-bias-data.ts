import type { EvaluatedCase } from '../../../src/evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../../../src/evaluation/evaluation-result.ts';
import type { Judge, JudgeCallOptions, JudgeInput } from '../../../src/evaluation/judge.ts';
import { summarize } from '../../../src/evaluation/summarize.ts';
import { childSeed } from '../../../src/internal/random.ts';
import { pairPersona } from '../../../src/personas/persona.ts';
import { type ScriptedModel, scriptedModel } from '../../../src/testing/scripted-model.ts';
import { evaluationOf } from '../evaluation-data.ts';

/** A judge that scores by a function, kept within 1 to 5. */
export function judgeBy(
  score: (input: JudgeInput, options: JudgeCallOptions) => number,
  model = 'gpt-4o',
): Judge {
  return {
    id: 'planted',
    models: [scriptedModel(['unused'], { id: model })],
    async judge(input, options = {}) {
      return { score: Math.min(5, Math.max(1, score(input, options))), status: 'scored' };
    },
  };
}

const WORDS = ['bees', 'hives', 'rain', 'honey', 'market', 'morning', 'swarm', 'clover', 'smoke', 'queen'];

/** A response of so many words, different from others with another seed. */
export function responseOf(words: number, seed: number): string {
  const drawn = Array.from({ length: words }, (_, index) => WORDS[childSeed(seed, index) % WORDS.length]!);
  return `${drawn.join(' ')}.`;
}

/**
 * Conversations of a candidate, with scores of the judge as an evaluation would have recorded them. Cases have personas of
 * their own.
 */
export async function playedBy(
  judge: Judge,
  options: {
    readonly name?: string;
    readonly model?: string;
    readonly cases?: number;
    readonly turns?: number;
    readonly respond?: (row: number, turn: number) => string;
  } = {},
): Promise<EvaluationResult> {
  const {
    name = 'bare',
    model = 'llama-3',
    cases: count = 12,
    turns = 3,
    respond = (row, turn) => responseOf(20 + 10 * ((row + turn) % 4), 100 * row + turn),
  } = options;
  const blank = evaluationOf(Array.from({ length: count }, () => Array.from({ length: turns }, () => 3)));
  const cases = await Promise.all(
    blank.cases.map(
      async (played, row): Promise<EvaluatedCase> => ({
        ...played,
        persona: pairPersona(
          { id: `profile-${row}`, facts: [`Lives in town ${row}`, 'Keeps bees', 'Has a dog'] },
          { id: `personality-${row}`, traits: ['Dry wit', 'Short of patience'] },
        ),
        turns: await Promise.all(
          played.turns.map(async (turn) => {
            const response = respond(row, turn.turn);
            const benchmarkCase = { id: played.caseId, persona: played.persona };
            const judgement = await judge.judge({ case: benchmarkCase, conversation: [], response });
            return { ...turn, response, judgement };
          }),
        ),
      }),
    ),
  );
  const lock = { ...blank.lock, judge: { id: judge.id, prompts: [] } };
  return { ...blank, lock, candidate: { name, model, prompt: null }, cases, ...summarize(cases, lock) };
}

/** Puts a reply in other words: each word in capitals, twice if the reply is to be twice as long. */
export function rewordingModel(): ScriptedModel {
  return scriptedModel(
    ({ messages }) => {
      const text = messages.at(-1)!.content;
      const reply = /<reply>\s*([\s\S]*?)\s*<\/reply>/.exec(text)![1]!;
      const times = text.includes('twice as long') ? 2 : 1;
      return Array.from({ length: times }, () => reply.toUpperCase()).join(' ');
    },
    { id: 'rewording' },
  );
}
