import type { BooleanArgDef, StringArgDef } from 'citty';
import type { ConfigModel } from '../config/config.ts';
import type { OpenedModel } from '../config/opened-model.ts';
import {
  batchArg,
  chatTemplateArg,
  type FlaggedModel,
  namedModel,
  promptCacheArg,
  timeoutArg,
} from './choose-model.ts';

type ServedOption<Role extends string> =
  `${Role}-${'model' | 'base-url' | 'key-env' | 'timeout-ms' | 'prompt-cache' | 'chat-template-kwargs' | 'revision'}`;

/** The flags that give a role a model of its own. */
export type RoleArgs<Role extends string> = Record<ServedOption<Role>, StringArgDef> &
  Record<`${Role}-batch` | `same-${Role}-model`, BooleanArgDef>;

/**
 * The flags `--ROLE-model` and `--same-ROLE-model`, and a flag `--ROLE-…` for each further setting of a served model.
 *
 * @param description What the model does, and which one does it by default.
 */
export function roleArgs<Role extends string>(role: Role, description: string): RoleArgs<Role> {
  const text = (words: string): StringArgDef => ({ type: 'string', description: words });
  return {
    [`${role}-model`]: text(description),
    [`${role}-base-url`]: text(`OpenAI-compatible server of --${role}-model (default: OpenAI).`),
    [`${role}-key-env`]: text(`Environment variable with the API key of --${role}-base-url.`),
    [`${role}-timeout-ms`]: timeoutArg(`--${role}-model`),
    [`${role}-prompt-cache`]: promptCacheArg(`--${role}-model`),
    [`${role}-batch`]: batchArg(`--${role}-model`),
    [`${role}-chat-template-kwargs`]: chatTemplateArg(`--${role}-model`),
    [`${role}-revision`]: text(`Name for the weights of --${role}-model.`),
    [`same-${role}-model`]: {
      type: 'boolean',
      description: `Resume: --${role}-model still has the same weights.`,
    },
  } as RoleArgs<Role>;
}

/**
 * The model that a role's flags name. Nothing is opened.
 *
 * @returns undefined if they name none.
 * @throws InvalidOptionError for a wrong option, or one without a model name.
 */
export function namedRole(role: string, args: object): ConfigModel | undefined {
  const given = args as Readonly<Record<string, string | undefined>>;
  const flags = args as Readonly<Record<string, boolean | undefined>>;
  return namedModel(
    {
      model: given[`${role}-model`],
      'base-url': given[`${role}-base-url`],
      'key-env': given[`${role}-key-env`],
      'timeout-ms': given[`${role}-timeout-ms`],
      'prompt-cache': given[`${role}-prompt-cache`],
      batch: flags[`${role}-batch`],
      'chat-template-kwargs': given[`${role}-chat-template-kwargs`],
      revision: given[`${role}-revision`],
    },
    role,
  );
}

/** A model of a role, with the flags that say which weights it has. */
export function flaggedRole(model: OpenedModel['model'], role: string): FlaggedModel {
  return { model, same: `same-${role}-model`, revision: `${role}-revision` };
}
