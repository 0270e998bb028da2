import { aloeCases } from '../../benchmark/aloe-cases.ts';
import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import { childSeed, sample, seededRandom } from '../../internal/random.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { countOpposed } from '../../personas/rules/opposed-rules.ts';
import type { Candidate } from '../candidate.ts';
import { examplePersona } from '../prompts/example-variables.ts';
import { oraclePrompt } from '../prompts/oracle.ts';
import { type BaselineOptions, checkBaseline } from './baseline-options.ts';

/** Options of {@link wrongPersona}. */
export interface WrongPersonaOptions extends BaselineOptions<{ readonly persona: Persona }> {
  /** Where the other personas come from. Pass the cases you evaluate. Default: the 100 of `aloeCases()`. */
  readonly cases?: readonly BenchmarkCase[] | undefined;
  /**
   * `any` other persona, or an `opposite` one: one of those with the most contrary rules. Default `any`.
   * With balanced preferences, as from `ruleCases`, another person agrees as often as not, so `any` costs no more than
   * knowing nothing.
   */
  readonly draw?: 'any' | 'opposite' | undefined;
  /** Seed of the draw. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * Baseline: the model is told the persona of another case, with a different profile and personality, as if it were this
 * user's. It shows what personal details are worth when they belong to someone else. The persona is drawn per case.
 *
 * @example
 * ```ts
 * const misled = await evaluator.evaluate(wrongPersona(openai('gpt-4o'), { cases }));
 * ```
 *
 * @throws InvalidOptionError if an option is invalid, or, during the evaluation, if `cases` has no suitable other case.
 */
export function wrongPersona(model: ChatModel, options: WrongPersonaOptions = {}): Candidate {
  checkBaseline('wrongPersona()', model, options, ['cases', 'draw', 'seed']);
  const { name = `${model.id}, told another persona`, prompt = oraclePrompt, cases = aloeCases() } = options;
  const draw = checkChoice('draw', options.draw ?? 'any', ['any', 'opposite']);
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });

  function otherThan({ id, persona }: BenchmarkCase): Persona {
    const others = cases.filter(
      (other) =>
        other.persona.profile.id !== persona.profile.id &&
        other.persona.personality.id !== persona.personality.id,
    );
    const opposed = others.map((other) => (draw === 'any' ? 0 : countOpposed(persona, other.persona)));
    const most = Math.max(...opposed);
    const eligible = others.filter((_, index) => opposed[index] === most);
    const [drawn] = sample(eligible, 1, seededRandom(childSeed(seed, 'wrong-persona', id)));
    if (drawn === undefined)
      throw new InvalidOptionError(
        'cases',
        `a case whose profile and personality both differ from those of ${id}`,
        cases,
      );
    return drawn.persona;
  }

  return {
    name,
    model,
    prompt: lockPrompt(prompt, { persona: examplePersona }),
    messages: (conversation, benchmarkCase) => [
      ...prompt.messages({ persona: otherThan(benchmarkCase) }),
      ...conversation,
    ],
  };
}
