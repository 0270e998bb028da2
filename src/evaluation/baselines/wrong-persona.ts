import { aloeCases } from '../../benchmark/aloe-cases.ts';
import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkChoice, checkMethod, checkNumber } from '../../internal/options.ts';
import { childSeed, sample, seededRandom } from '../../internal/random.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { countOpposed } from '../../personas/rules/opposed-rules.ts';
import type { Candidate } from '../candidate.ts';
import { examplePersona } from '../prompts/example-variables.ts';
import { oraclePrompt } from '../prompts/oracle.ts';
import type { BaselineOptions } from './baseline-options.ts';

export interface WrongPersonaOptions extends BaselineOptions<{ readonly persona: Persona }> {
  /** Where the other persona comes from: give the cases that are evaluated. Default: the 100 of this library. */
  readonly cases?: readonly BenchmarkCase[] | undefined;
  /**
   * `any` of the others, or one of those that are `opposite`: with the most checkable preferences the other way round.
   * Default `any`. Where preferences are balanced, as those of `ruleCases` are, somebody else wants the same as
   * often as the opposite, and no more is lost than by knowing nothing.
   */
  readonly draw?: 'any' | 'opposite' | undefined;
  /** Decides whose persona a case gets. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * The model when it is told the persona of another case, with another profile and another personality, as if it were
 * this user's: what personal words are worth when they are about somebody else. Each case has its own other one.
 *
 * @throws InvalidOptionError for an option that is wrong; while it is evaluated, for a case that has no other in `cases`.
 */
export function wrongPersona(model: ChatModel, options: WrongPersonaOptions = {}): Candidate {
  checkMethod('model', model, 'generate', 'a ChatModel');
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
