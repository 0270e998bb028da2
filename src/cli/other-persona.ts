import type { StringArgDef } from 'citty';
import { checkChoice } from '../internal/options.ts';

/** The flag that says whose persona, besides the user's own, responses are judged for. Without rules nobody is the opposite. */
export const otherPersonaArg: StringArgDef & { readonly default: string } = {
  type: 'string',
  default: 'any',
  description:
    'Judge each response for another persona too, to tell whether its level is personal: any or none (half the judge calls).',
};

/** @throws InvalidOptionError unless it is `any` or `none`. */
export function readOtherPersona(given: string): 'any' | false {
  return checkChoice('other-persona', given, ['any', 'none']) === 'none' ? false : 'any';
}
