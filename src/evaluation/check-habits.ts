import * as z from 'zod';
import type { Habit } from '../conversations/behaviour/habits.ts';
import { endsRun } from '../internal/ends-run.ts';
import type { Message } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { type LockedPrompt, lockPrompt } from '../models/locked-prompt.ts';
import type { CallPlace } from '../models/place.ts';
import { generateStructured } from '../models/structured.ts';
import type { Run } from '../runs/run.ts';
import { exampleConversation, exampleErrand } from './prompts/example-variables.ts';
import { habitsPrompt } from './prompts/habits.ts';

/** Whether the user showed a habit, by its name. Null if that is unclear. */
export type HabitsShown = Readonly<Record<string, boolean | null>>;

/** What a model is asked about the user of a conversation. */
export interface HabitQuestion {
  readonly habits: readonly Habit[];
  readonly conversation: readonly Message[];
  readonly place: CallPlace;
  readonly run: Run;
  readonly signal: AbortSignal;
}

const answerSchema = z.preprocess(
  (value) => (typeof value === 'string' ? value.toLowerCase().replace(/[^a-z]/g, '') : value),
  z.enum(['yes', 'no', 'unclear']),
);

/**
 * Asks a model which habits a user showed, whether or not they were asked for. All null if the answer is malformed or the call
 * failed. Errors that every call would hit are thrown.
 */
export async function checkHabits(
  model: ChatModel,
  { habits, conversation, place, run, signal }: HabitQuestion,
): Promise<HabitsShown> {
  const schema = z.object(Object.fromEntries(habits.map((_, index) => [index + 1, answerSchema])));
  const messages = habitsPrompt.messages({ habits: habits.map(({ text }) => text), conversation });
  try {
    const answers = await generateStructured(
      model,
      { messages, temperature: 0, maxOutputTokens: 60 + 20 * habits.length },
      {
        name: 'habits',
        schema,
        unambiguous: true,
        signal,
        place,
        seedFor: (sample) => run.seedFor({ ...place, sample }),
      },
    );
    return Object.fromEntries(
      habits.map(({ name }, index) => {
        const answer = answers[index + 1];
        return [name, answer === 'unclear' ? null : answer === 'yes'];
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (endsRun(error)) throw error;
    return Object.fromEntries(habits.map(({ name }) => [name, null]));
  }
}

/** For the record of an evaluation. */
export function lockHabitsPrompt(): LockedPrompt {
  return lockPrompt(habitsPrompt, { habits: exampleErrand.habits, conversation: exampleConversation });
}
