import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { aloeCases } from '../benchmark/aloe-cases.ts';
import { InvalidOptionError } from '../errors.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import type { Budget } from '../runs/ledger.ts';
import type { Price } from '../runs/prices.ts';
import { checkArguments } from './check-arguments.ts';
import { chooseEmbedder, embedderArgs, missingForEmbedder } from './choose-embedder.ts';
import {
  chooseModel,
  DEFAULT_OPENAI_MODEL,
  type FlaggedModel,
  inFlags,
  readWeights,
  servedModelArgs,
} from './choose-model.ts';
import { guarded } from './guarded.ts';
import { missingForModel, missingForRole, refuseMissing } from './missing-parts.ts';
import { otherPersonaArg, readOtherPersona } from './other-persona.ts';
import { quickstart } from './quickstart.ts';
import { readNumber, readOptionalNumber } from './read-number.ts';
import { reboughtArgs } from './rebought.ts';
import { chooseRoleModel, flaggedRole, type RoleArgs, roleArgs } from './role-model.ts';
import { print } from './terminal.ts';
import { promptUsers, readUserPrompt, userPromptArg } from './user-prompt.ts';

type MoneyOption = 'budget-usd' | 'budget-tokens' | 'price-input' | 'price-output';

type WithDefault = StringArgDef & { readonly default: string };

const quickstartArgs: Record<
  'out' | 'profiles' | 'personas' | 'turns' | 'cases' | 'other-persona' | 'seed' | 'max-rebought',
  WithDefault
> &
  Record<
    | 'model'
    | 'base-url'
    | 'key-env'
    | 'revision'
    | 'gguf'
    | 'models-dir'
    | 'user-prompt'
    | 'retries'
    | MoneyOption,
    StringArgDef
  > &
  Record<'embedded' | 'offline' | 'same-model', BooleanArgDef> &
  typeof embedderArgs &
  RoleArgs<'user'> &
  RoleArgs<'judge'> = {
  out: {
    type: 'string',
    default: 'runs/quickstart',
    description: 'Run directory. Reuse it to resume.',
  },
  model: {
    type: 'string',
    description: `Model name at OpenAI or OPENAI_BASE_URL (default if OPENAI_API_KEY is set: ${DEFAULT_OPENAI_MODEL}).`,
  },
  'base-url': {
    type: 'string',
    description: 'OpenAI-compatible server, e.g. http://localhost:8000/v1 (requires --model).',
  },
  ...servedModelArgs,
  gguf: {
    type: 'string',
    description:
      'GGUF file to run in this process instead of the embedded model, or hf:owner/repository:quantisation.',
  },
  embedded: { type: 'boolean', description: 'Use the embedded model even if OPENAI_API_KEY is set.' },
  ...roleArgs('user', 'Model that plays the users (default: the model of the other roles).'),
  ...roleArgs('judge', 'Model that judges (default: the model of the other roles).'),
  ...embedderArgs,
  'models-dir': {
    type: 'string',
    description: 'Directory for the embedded weights (default: the user cache).',
  },
  offline: { type: 'boolean', description: 'Never download weights.' },
  'user-prompt': userPromptArg,
  profiles: { type: 'string', default: '2', description: 'Profiles to generate beyond the seeds.' },
  personas: { type: 'string', default: '3', description: 'Personas to simulate.' },
  turns: { type: 'string', default: '4', description: 'Turns per conversation and per case.' },
  cases: { type: 'string', default: '2', description: 'Number of ALOE cases to evaluate on.' },
  'other-persona': otherPersonaArg,
  seed: { type: 'string', default: '7', description: 'Random seed. Same seed, same choices.' },
  ...reboughtArgs,
  retries: {
    type: 'string',
    description: 'Retries per call on transient errors (default: 6).',
  },
  'budget-usd': {
    type: 'string',
    description: 'Stop before spending more than this many US dollars (requires prices).',
  },
  'budget-tokens': { type: 'string', description: 'Stop before using more than this many tokens.' },
  'price-input': { type: 'string', description: 'US dollars per million input tokens.' },
  'price-output': { type: 'string', description: 'US dollars per million output tokens.' },
};

export const quickstartCommand: CommandDef<typeof quickstartArgs> = defineCommand({
  meta: {
    name: 'quickstart',
    description:
      'Run the whole method once, on a small scale: personas, conversations, training files, evaluation.',
  },
  args: quickstartArgs,
  run: ({ args }) => {
    let flags = '';
    return guarded(
      async (signal) => {
        checkArguments(args, quickstartArgs);
        const sizes = {
          profiles: readNumber('profiles', args.profiles, { min: 0, whole: true }),
          personas: readNumber('personas', args.personas, { min: 1, whole: true }),
          turns: readNumber('turns', args.turns, { min: 2, whole: true }),
          cases: readNumber('cases', args.cases, { min: 1, max: aloeCases().length, whole: true }),
          seed: readNumber('seed', args.seed, { min: 0, whole: true }),
          maxRebought: readNumber('max-rebought', args['max-rebought'], { min: 0, whole: true }),
          retries: readOptionalNumber('retries', args.retries, { min: 0, whole: true }),
        };
        const otherPersona = readOtherPersona(args['other-persona']);
        const userPrompt = readUserPrompt(args['user-prompt']);
        const { budget, price } = readMoney(args);
        refuseMissing(
          [
            ...missingForModel(args),
            ...missingForRole('user', args),
            ...missingForRole('judge', args),
            ...missingForEmbedder(args),
          ],
          { modelsDir: args['models-dir'] },
        );
        print('Models');
        const chosen = await chooseModel(args, signal);
        const { model } = chosen;
        const user = (await chooseRoleModel('user', args, signal)) ?? chosen;
        const judging = (await chooseRoleModel('judge', args, signal)) ?? chosen;
        const users = promptUsers(userPrompt, user);
        if (budget.usd !== undefined && (user !== chosen || judging !== chosen)) {
          throw new InvalidOptionError(
            'budget-usd',
            'one model for all roles, since the prices are those of --model (or use --budget-tokens)',
            args['budget-usd'],
          );
        }
        const models: FlaggedModel[] = [
          { model, same: 'same-model', revision: 'revision' },
          ...(user === chosen ? [] : [flaggedRole(user.model, 'user')]),
          ...(judging === chosen ? [] : [flaggedRole(judging.model, 'judge')]),
        ];
        const weights = readWeights(models, args);
        flags = weights.resumeFlags;
        const judge = holisticJudge(judging.model, {
          temperature: judging.temperatures?.judge,
          rubric: judging.rubric,
        });
        const embedder = await chooseEmbedder(args, signal);
        const others = [
          ...(user === chosen ? [] : [`\n  users ${user.model.id}`]),
          ...(judging === chosen ? [] : [`\n  judge ${judging.model.id}`]),
        ];
        print(`  language model ${model.id}${others.join('')}\n  embedder ${embedder.id}`);
        try {
          await quickstart({
            ...sizes,
            otherPersona,
            out: args.out,
            model,
            user: user.model,
            judge,
            embedder,
            note: chosen.note,
            budget,
            ...weights,
            prices: price === undefined ? {} : { [model.id]: price },
            users,
            signal,
          });
        } catch (error) {
          throw inFlags(error, models);
        } finally {
          for (const own of new Set([chosen, user, judging])) await own.model.dispose?.();
        }
      },
      () => `Run the same command again${flags ? ` with${flags}` : ''} to resume (${args.out}).`,
    );
  },
});

/** @throws InvalidOptionError for an invalid number, one price without the other, or a dollar budget without prices. */
function readMoney(args: Readonly<Partial<Record<MoneyOption, string>>>): {
  readonly budget: Budget;
  readonly price: Price | undefined;
} {
  const [usd, tokens, input, output] = (
    ['budget-usd', 'budget-tokens', 'price-input', 'price-output'] as const
  ).map((option) => readOptionalNumber(option, args[option], { min: 0 }));
  const price = input === undefined || output === undefined ? undefined : { input, output };
  if (price === undefined && (usd !== undefined || input !== undefined || output !== undefined)) {
    const missing = input === undefined ? 'price-input' : 'price-output';
    throw new InvalidOptionError(
      missing,
      'US dollars per million tokens (a dollar budget needs both prices)',
      undefined,
    );
  }
  return { budget: { usd, tokens }, price };
}
