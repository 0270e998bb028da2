import type { StringArgDef } from 'citty';

/** The seed of a command. */
export const seedArg: StringArgDef = {
  type: 'string',
  valueHint: 'N',
  default: '7',
  description: 'Random seed. Same seed, same choices.',
};
