import { aloeCases } from '../../benchmark/aloe-cases.ts';
import { type BenchmarkCase, type CaseAtTurn, lastingPersona } from '../../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import { childSeed } from '../../internal/random.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { withWish } from '../../personas/rules/with-wish.ts';
import type { Candidate } from '../candidate.ts';
import { checkHasOpposite, drawOther, type OtherPersonaDraw } from '../personal/draw-other.ts';
import { examplePersona } from '../prompts/example-variables.ts';
import { oraclePrompt } from '../prompts/oracle.ts';
import { type BaselineOptions, checkBaseline } from './baseline-options.ts';

/** Options of {@link wrongPersona}. */
export interface WrongPersonaOptions extends BaselineOptions<{ readonly persona: Persona }> {
  /** Where the other personas come from. Pass the cases you evaluate. Default: the 100 of `aloeCases()`. */
  readonly cases?: readonly BenchmarkCase[] | undefined;
  /**
   * `any` other persona, or an `opposite` one: one of those with the most contrary rules, which `cases` must have then.
   * Default `any`.
   * With balanced preferences, as from `ruleCases`, another person agrees as often as not, so `any` costs no more than
   * knowing nothing.
   */
  readonly draw?: OtherPersonaDraw | undefined;
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
  checkHasOpposite(draw, cases, { option: 'draw', expected: '"any"' });
  const seed = checkNumber('seed', options.seed ?? 0, { min: 0, integer: true });

  /** In the same situation as the user, if there is one. */
  function otherThan({ id, persona, situation }: CaseAtTurn): Persona {
    // A drift among the cases is known here, so that the other stays the same and is neither the user before nor after.
    const drifting = cases.find((one) => one.id === id && one.drift !== undefined);
    const own = drifting ?? { id, persona: situation?.lasting ?? persona };
    const drawn = drawOther(own, cases, draw, childSeed(seed, 'wrong-persona', own.id));
    if (drawn === undefined)
      throw new InvalidOptionError(
        'cases',
        `a case whose profile and personality both differ from those of ${own.id}`,
        cases,
      );
    const other = lastingPersona(drawn, 1);
    return situation === undefined ? other : withWish(other, situation);
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
