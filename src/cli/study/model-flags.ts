import type { ArgDef } from 'citty';
import type { AloeConfig, ConfigModel } from '../../config/config.ts';
import type { Pipeline, PipelineModelRole } from '../../pipeline/pipeline.ts';
import { type FlaggedModel, servedModelArgs } from '../choose-model.ts';
import { flaggedRole, namedRole, roleArgs } from '../role-model.ts';

/**
 * The flags of a verb with one model, a model for the users and one for the judge.
 *
 * @param words What `--model`, `--gguf` and `--embedded` do, and which models play the users and judge by default.
 */
export function modelFlags(words: {
  readonly model: string;
  readonly gguf: string;
  readonly embedded: string;
  readonly user: string;
  readonly judge: string;
}): Readonly<Record<string, ArgDef>> {
  return {
    model: { type: 'string', description: words.model },
    'base-url': {
      type: 'string',
      description:
        'OpenAI-compatible server of --model, e.g. http://localhost:8000/v1. Several servers of one model: with commas between them.',
    },
    ...servedModelArgs,
    gguf: { type: 'string', valueHint: 'FILE', description: words.gguf },
    embedded: { type: 'boolean', description: words.embedded },
    ...roleArgs('user', words.user),
    ...roleArgs('judge', words.judge),
  };
}

/** The models of a config, with those that `--user-model` and `--judge-model` name. Without a default, the user's judges. */
export function withRoleModels(config: AloeConfig, args: object, otherwise: ConfigModel): AloeConfig {
  const { models = {} } = config;
  const fallback = models.default === undefined ? otherwise : undefined;
  const user = namedRole('user', args) ?? models.user ?? fallback;
  const judge = namedRole('judge', args) ?? models.judge ?? (models.default === undefined ? user : undefined);
  return { ...config, models: { ...models, user, judge } };
}

/** The roles whose flags say that their models have the same weights as before. */
export function sameModelRoles(
  args: Readonly<Record<string, unknown>>,
  main: PipelineModelRole,
): readonly PipelineModelRole[] {
  const flags = { 'same-model': main, 'same-user-model': 'user', 'same-judge-model': 'judge' } as const;
  return Object.entries(flags).flatMap(([flag, role]) => (args[flag] === true ? [role] : []));
}

/** Each model once, with its flags: that of `--model`, that of the users, and the judge. */
export function flaggedModels(
  { config, model }: Pipeline,
  args: Readonly<Record<string, unknown>>,
  main: FlaggedModel['model'],
): readonly FlaggedModel[] {
  const byRules = config.evaluation?.judge === 'rules';
  const all = [
    { model: main, same: 'same-model', revision: 'revision' },
    ...(['user', ...(byRules ? [] : (['judge'] as const))] as const).map((role) => {
      const flagged = flaggedRole(model(role).model, role);
      return args[`${role}-model`] === undefined ? { ...flagged, revision: undefined } : flagged;
    }),
  ];
  return all.filter((own, index) => all.findIndex(({ model: { id } }) => id === own.model.id) === index);
}
