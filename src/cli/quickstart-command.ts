import { aloeCases } from '../benchmark/aloe-cases.ts';
import { DEFAULT_OPENAI_MODEL } from '../config/open-model.ts';
import { InvalidOptionError } from '../errors.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import { promptUsers } from '../pipeline/prompted-users.ts';
import type { Budget } from '../runs/ledger.ts';
import type { Price } from '../runs/prices.ts';
import { chooseEmbedder, embedderArgs, missingForEmbedder } from './choose-embedder.ts';
import { chooseModel, type FlaggedModel, inFlags, readWeights, servedModelArgs } from './choose-model.ts';
import { missingForModel, missingForRole, refuseMissing } from './missing-parts.ts';
import { otherPersonaArg, readOtherPersona } from './other-persona.ts';
import { quickstart } from './quickstart.ts';
import { readNumber, readOptionalNumber } from './read-number.ts';
import { reboughtArgs } from './rebought.ts';
import { chooseRoleModel, flaggedRole, roleArgs } from './role-model.ts';
import { printError } from './terminal.ts';
import { readUserPrompt, userPromptArg } from './user-prompt.ts';
import { defineVerb, type Verb } from './verb.ts';

type MoneyOption = 'budget-usd' | 'budget-tokens' | 'price-input' | 'price-output';

export const quickstartCommand: Verb = defineVerb({
  args: {
    out: {
      type: 'string',
      valueHint: 'DIR',
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
      valueHint: 'FILE',
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
    profiles: {
      type: 'string',
      valueHint: 'N',
      default: '2',
      description: 'Profiles to generate beyond the seeds.',
    },
    personas: { type: 'string', valueHint: 'N', default: '3', description: 'Personas to simulate.' },
    turns: {
      type: 'string',
      valueHint: 'N',
      default: '4',
      description: 'Turns per conversation and per case.',
    },
    cases: {
      type: 'string',
      valueHint: 'N',
      default: '2',
      description: 'Number of ALOE cases to evaluate on.',
    },
    'other-persona': otherPersonaArg,
    seed: {
      type: 'string',
      valueHint: 'N',
      default: '7',
      description: 'Random seed. Same seed, same choices.',
    },
    ...reboughtArgs,
    retries: {
      type: 'string',
      valueHint: 'N',
      description: 'Retries per call on transient errors (default: 6).',
    },
    'budget-usd': {
      type: 'string',
      valueHint: 'USD',
      description: 'Stop before spending more than this many US dollars (requires prices).',
    },
    'budget-tokens': { type: 'string', description: 'Stop before using more than this many tokens.' },
    'price-input': { type: 'string', valueHint: 'USD', description: 'US dollars per million input tokens.' },
    'price-output': {
      type: 'string',
      valueHint: 'USD',
      description: 'US dollars per million output tokens.',
    },
  },
  examples: [
    { words: 'quickstart', what: 'Small, with the model of OPENAI_API_KEY, else with the embedded one.' },
    {
      words: 'quickstart --model qwen2.5-7b --base-url http://localhost:8000/v1 --personas 10 --cases 5',
      what: 'Larger, with a model on your own server.',
    },
  ],
  failed: 'Failed, or some conversations or cases did. All files are written all the same.',
  interrupted: 'Run the same command again to resume.',
  async run({ args, signal, resumeWith }) {
    const profiles = readNumber('profiles', args.profiles, { min: 0, whole: true });
    const sizes = {
      profiles,
      // One per profile.
      personas: readNumber('personas', args.personas, {
        min: 1,
        max: seedProfiles.length + profiles,
        whole: true,
      }),
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
    printError('Models');
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
    resumeWith(
      `Run the same command again${weights.resumeFlags ? ` with${weights.resumeFlags}` : ''} to resume (${args.out}).`,
    );
    const judge = holisticJudge(judging.model, {
      temperature: judging.temperatures?.judge,
      rubric: judging.rubric,
    });
    const embedder = await chooseEmbedder(args, signal);
    const others = [
      ...(user === chosen ? [] : [`\n  users ${user.model.id}`]),
      ...(judging === chosen ? [] : [`\n  judge ${judging.model.id}`]),
    ];
    printError(`  language model ${model.id}${others.join('')}\n  embedder ${embedder.id}`);
    try {
      return await quickstart({
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
});

/** @throws InvalidOptionError for an invalid number, one price without the other, or a dollar budget without prices. */
function readMoney(args: { readonly [Name in MoneyOption]?: string | undefined }): {
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
