import { aloeCases } from '../benchmark/aloe-cases.ts';
import type { AloeConfig, ConfigModel } from '../config/config.ts';
import { openModel } from '../config/open-model.ts';
import { InvalidOptionError } from '../errors.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import type { Budget } from '../runs/spending/ledger.ts';
import type { Price, Prices } from '../runs/spending/prices.ts';
import { namedEmbedder } from './choose-embedder.ts';
import { namedModel } from './choose-model.ts';
import { readOtherPersona } from './other-persona.ts';
import { readNumber, readOptionalNumber } from './read-number.ts';
import { namedRole } from './role-model.ts';
import { readUserPrompt } from './user-prompt.ts';

/** Two or three sentences, which is what a small model can write. */
const RESPONSES = { maxOutputTokens: 120 };

type Args = Readonly<Record<string, string | undefined>>;

/**
 * The config of `aloe quickstart`: the whole method at the smallest sizes, as its flags change them.
 *
 * @throws InvalidOptionError for a wrong flag, before anything is opened.
 */
export async function quickstartConfig(args: Args): Promise<AloeConfig> {
  const whole = (option: string, min: number, max?: number) =>
    readNumber(option, args[option] ?? '', { min, ...(max !== undefined && { max }), whole: true });
  const profiles = whole('profiles', 0);
  // One persona per profile.
  const personas = whole('personas', 1, seedProfiles.length + profiles);
  const turns = whole('turns', 2);
  const cases = whole('cases', 1, aloeCases().length);
  const model = namedModel(args);
  const [user, judge] = [namedRole('user', args), namedRole('judge', args)];
  const otherPersona = readOtherPersona(args['other-persona'] ?? 'any');
  const { budget, price } = readMoney(args);
  if (budget.usd !== undefined && (user !== undefined || judge !== undefined)) {
    throw new InvalidOptionError(
      'budget-usd',
      'one model for all roles, since the prices are those of --model (or use --budget-tokens)',
      args['budget-usd'],
    );
  }
  return {
    run: args.out,
    seed: whole('seed', 0),
    maxRebought: whole('max-rebought', 0),
    retries: readOptionalNumber('retries', args.retries, { min: 0, whole: true }),
    deadlineMinutes: readOptionalNumber('deadline-minutes', args['deadline-minutes'], { min: 0 }),
    budget,
    prices: price && (await pricesOf(model, price)),
    models: { default: model, user, judge, embedder: namedEmbedder(args) },
    userPrompt: readUserPrompt(args['user-prompt']),
    personas: {
      profiles: seedProfiles.length + profiles,
      personalities: seedPersonalities.length + Math.ceil(profiles / 2),
      personalitiesPerProfile: 1,
      entriesPerCall: 2,
      callsPerWave: 1,
      maxCalls: Math.max(1, 2 * profiles),
      maxOutputTokens: 700,
    },
    conversations: { personas, turns, responses: RESPONSES },
    // Of so few personas, none is held out.
    export: { formats: ['trl-sft', 'trl-dpo'], keepTruncated: true, validationShare: 0 },
    evaluation: {
      candidates: [
        { name: 'bare', method: 'bare' },
        { name: 'told the persona', method: 'oracle' },
      ],
      cases,
      turns,
      otherPersona,
      responses: RESPONSES,
    },
  };
}

/** Prices go by a model's id, which holds its revision: only the model itself knows it. */
async function pricesOf(given: ConfigModel | undefined, price: Price): Promise<Prices> {
  const { model } = await openModel(given, { option: 'model' });
  await model.dispose?.();
  return { [model.id]: price };
}

/** @throws InvalidOptionError for an invalid number, one price without the other, or a dollar budget without prices. */
function readMoney(args: Args): { readonly budget: Budget; readonly price: Price | undefined } {
  const [usd, tokens, input, output] = (
    ['budget-usd', 'budget-tokens', 'price-input', 'price-output'] as const
  ).map((option) => readOptionalNumber(option, args[option], { min: 0 }));
  const price = input === undefined || output === undefined ? undefined : { input, output };
  if (price === undefined && (usd !== undefined || input !== undefined || output !== undefined)) {
    throw new InvalidOptionError(
      input === undefined ? 'price-input' : 'price-output',
      'US dollars per million tokens (a dollar budget needs both prices)',
      undefined,
    );
  }
  return { budget: { usd, tokens }, price };
}
