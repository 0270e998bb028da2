import type { OpenedModel } from './opened-model.ts';

/** What suits a model of about 135 million parameters. Chosen by reading the embedded model's output. */
export const SMALL_MODEL: Pick<
  OpenedModel,
  'temperatures' | 'userPrompt' | 'growth' | 'responses' | 'rubric'
> = {
  // Warmer users lose the thread, and a colder judge gives every response the same score.
  temperatures: { user: 0.4, judge: 0.8 },
  userPrompt: 'steered',
  // A longer list ends in repetition.
  growth: { entriesPerCall: 2, callsPerWave: 1, maxOutputTokens: 700 },
  // Two or three sentences, which is what it can write.
  responses: { maxOutputTokens: 120 },
  // The seven fields of the library's own rubric are too many for it.
  rubric: 'paper',
};

/**
 * A caveat to print with the results of a small model.
 *
 * @param subject Who has the parameters: `the embedded model has only`.
 */
export function smallModelNote(subject: string, parameters: number): string {
  const millions = Math.round(parameters / 1_000_000);
  return (
    `Note: ${subject} ${millions} million parameters. It shows that everything works, but it is a weak\n` +
    'teacher and a weak judge: do not draw conclusions from its scores. Use a served model (--model) or a larger one\n' +
    'in this process (--gguf) for real results.'
  );
}
