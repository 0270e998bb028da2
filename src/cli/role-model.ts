import type { BooleanArgDef, StringArgDef } from 'citty';
import type { OpenedModel } from '../config/opened-model.ts';
import { InvalidOptionError } from '../errors.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { chooseModel, type FlaggedModel } from './choose-model.ts';

type ServedOption<Role extends string> = `${Role}-${'model' | 'base-url' | 'key-env' | 'revision'}`;

/** The flags that give a role a model of its own. */
export type RoleArgs<Role extends string> = Record<ServedOption<Role>, StringArgDef> &
  Record<`same-${Role}-model`, BooleanArgDef>;

/** What citty reads from {@link RoleArgs}. */
export type RoleValues<Role extends string> = Readonly<Partial<Record<ServedOption<Role>, string>>> &
  Readonly<Partial<Record<`same-${Role}-model`, boolean>>>;

/**
 * The flags `--ROLE-model`, `--ROLE-base-url`, `--ROLE-key-env`, `--ROLE-revision` and `--same-ROLE-model`.
 *
 * @param description What the model does, and which one does it by default.
 */
export function roleArgs<Role extends string>(role: Role, description: string): RoleArgs<Role> {
  const text = (words: string): StringArgDef => ({ type: 'string', description: words });
  return {
    [`${role}-model`]: text(description),
    [`${role}-base-url`]: text(`OpenAI-compatible server of --${role}-model (default: OpenAI).`),
    [`${role}-key-env`]: text(`Environment variable with the API key of --${role}-base-url.`),
    [`${role}-revision`]: text(`Name for the weights of --${role}-model.`),
    [`same-${role}-model`]: {
      type: 'boolean',
      description: `Resume: --${role}-model still has the same weights.`,
    },
  } as RoleArgs<Role>;
}

/**
 * The model of a role, chosen as {@link chooseModel} chooses.
 *
 * @returns undefined if the flags name none.
 * @throws InvalidOptionError for a base URL, key or revision without a model name.
 */
export async function chooseRoleModel<Role extends string>(
  role: Role,
  args: RoleValues<Role>,
  signal: AbortSignal,
): Promise<OpenedModel | undefined> {
  const read = (option: string) => args[`${role}-${option}` as keyof typeof args] as string | undefined;
  const model = read('model');
  if (model === undefined) {
    const alone = ['base-url', 'key-env', 'revision'].find((option) => read(option) !== undefined);
    if (alone === undefined) return undefined;
    throw new InvalidOptionError(`${role}-model`, `a model name (required with --${role}-${alone})`, model);
  }
  return chooseModel(
    { model, 'base-url': read('base-url'), 'key-env': read('key-env'), revision: read('revision') },
    signal,
    role,
  );
}

/** A model of a role, with the flags that say which weights it has. */
export function flaggedRole(model: ChatModel, role: string): FlaggedModel {
  return { model, same: `same-${role}-model`, revision: `${role}-revision` };
}
