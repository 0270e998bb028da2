import { InvalidOptionError } from '../../errors.ts';
import { sample, seededRandom } from '../../internal/random.ts';
import file from './tasks.json' with { type: 'json' };

/**
 * 48 things that an ordinary person wants done in a chat of several turns: to plan, write, decide, explain, fix or compare.
 * Each is a sentence in the third person without its subject. None is about the life of a shipped persona.
 */
export const userTasks: readonly string[] = Object.values(file).flat();

/** Draws one task. The same seed draws the same one. */
export function drawTask(tasks: readonly string[], seed: number): string {
  return sample(tasks, 1, seededRandom(seed))[0]!;
}

/** True stands for the shipped tasks, false or nothing for none. @throws InvalidOptionError for anything but a list of texts. */
export function checkTasks(
  given: boolean | readonly string[] | undefined,
  option: string,
): readonly string[] | null {
  if (given === undefined || given === false) return null;
  if (given === true) return userTasks;
  const isText = (task: unknown) => typeof task === 'string' && task.trim() !== '';
  if (!Array.isArray(given) || given.length === 0 || !given.every(isText)) {
    throw new InvalidOptionError(
      option,
      'true, false or a list of tasks, such as "wants a toast written"',
      given,
    );
  }
  return given;
}
