import * as z from 'zod';
import type { AloeConfig } from '../config/config.ts';
import { checkConfig } from '../config/read-config.ts';
import { InvalidFileError } from '../errors.ts';
import type { PipelinePart } from './pipeline.ts';

/** What a pipeline does, as a run in a database keeps it. */
export interface Recipe {
  /** Without the place of the run, and with no key: a config only names the variables that hold keys. */
  readonly config: AloeConfig;
  /** What the pipeline opened. */
  readonly parts: readonly PipelinePart[];
  /** Names of the options that are models made in code. If there are any, nothing is kept of the config. */
  readonly madeInCode: readonly string[];
}

const recipeSchema = z.object({
  schema: z.literal('aloe-recipe/1'),
  config: z.unknown(),
  parts: z.array(z.string()),
  madeInCode: z.array(z.string()),
});

/** What a run keeps of a config. */
export function recipeOf(
  { run: _place, files: _dir, ...config }: AloeConfig,
  parts: readonly PipelinePart[],
): object {
  const madeInCode: string[] = [];
  const kept = JSON.parse(
    JSON.stringify(config, (name, value: unknown) => {
      if (typeof value !== 'object' || value === null) return value;
      const isMade =
        'generate' in value ||
        'embed' in value ||
        ('model' in value && 'name' in value && isObject(value.model));
      if (isMade) madeInCode.push(name);
      return isMade ? undefined : value;
    }),
  ) as unknown;
  return { schema: 'aloe-recipe/1', config: madeInCode.length > 0 ? {} : kept, parts, madeInCode };
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && 'generate' in value;

/**
 * Checks what a run has kept.
 *
 * @param run Names the run in errors.
 * @throws InvalidFileError if it is not a config.
 */
export function checkRecipe(stored: unknown, run: string): Recipe {
  const checked = recipeSchema.safeParse(stored);
  if (!checked.success) {
    throw new InvalidFileError(run, 'holds a config that this version cannot read.', {
      hint: 'Use the version of aloe-align that started the run.',
    });
  }
  const { config, parts, madeInCode } = checked.data;
  return { config: checkConfig(config, run), parts: parts as PipelinePart[], madeInCode };
}
