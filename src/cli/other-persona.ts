import type { StringArgDef } from 'citty';
import type { OtherPersonaDraw } from '../evaluation/personal/draw-other.ts';
import { checkChoice } from '../internal/options.ts';

/** The flag that says whose persona, besides the user's own, responses are judged for. */
export const otherPersonaArg: StringArgDef & { readonly default: string } = {
  type: 'string',
  default: 'any',
  description:
    'Judge each response for another persona too, to tell whether its level is personal: any, opposite or none (half the judge calls).',
};

/** @throws InvalidOptionError unless it is `any`, `opposite` or `none`. */
export function readOtherPersona(given: string): OtherPersonaDraw | false {
  const choice = checkChoice<string>('other-persona', given, ['any', 'opposite', 'none']);
  return choice === 'none' ? false : (choice as OtherPersonaDraw);
}
