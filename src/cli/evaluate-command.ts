import { ruleCases } from '../benchmark/rule-cases.ts';
import { DEFAULT_OPENAI_MODEL } from '../config/open-model.ts';
import { InvalidOptionError } from '../errors.ts';
import { ownsEnvironmentKey } from '../http/base-url.ts';
import { checkChoice } from '../internal/options.ts';
import { changeCases } from '../pipeline/change-cases.ts';
import { promptUsers } from '../pipeline/prompted-users.ts';
import { checkWritable } from './check-writable.ts';
import { chooseFlaggedCases } from './choose-cases.ts';
import { chooseModel, type FlaggedModel, inFlags, readWeights, servedModelArgs } from './choose-model.ts';
import { evaluate } from './evaluate.ts';
import { gateArgs, readGate } from './gate.ts';
import { missingForModel, missingForRole, refuseMissing } from './missing-parts.ts';
import { otherPersonaArg, readOtherPersona } from './other-persona.ts';
import { readNumber, readOptionalNumber } from './read-number.ts';
import { reboughtArgs } from './rebought.ts';
import { chooseRoleModel, flaggedRole, roleArgs } from './role-model.ts';
import { readRubric, rubricArg } from './rubric.ts';
import { printError } from './terminal.ts';
import { readUserPrompt, userPromptArg } from './user-prompt.ts';
import { defineVerb, type Verb } from './verb.ts';

export const evaluateCommand: Verb = defineVerb({
  args: {
    model: { type: 'string', description: 'Name of the model to evaluate, as its server knows it.' },
    'base-url': {
      type: 'string',
      description: 'OpenAI-compatible server of --model, e.g. http://localhost:8000/v1.',
    },
    ...servedModelArgs,
    gguf: {
      type: 'string',
      valueHint: 'FILE',
      description: 'GGUF file to evaluate in this process, or hf:owner/repository:quantisation.',
    },
    embedded: { type: 'boolean', description: 'Evaluate the embedded model.' },
    ...roleArgs(
      'user',
      `Model that plays the users (default: ${DEFAULT_OPENAI_MODEL} if OPENAI_API_KEY is set, else the embedded model).`,
    ),
    'user-prompt': userPromptArg,
    ...roleArgs('judge', 'Model that judges (default: the one that plays the users).'),
    judge: {
      type: 'string',
      default: 'model',
      description: 'model (LLM judge) or rules (no LLM: personas get preferences that code can check).',
    },
    rubric: rubricArg,
    'other-persona': otherPersonaArg,
    tasks: {
      type: 'boolean',
      description: 'Each user wants something done, such as a toast written, and the judge knows what.',
    },
    situations: {
      type: 'boolean',
      description: 'What users want depends on a situation, which changes, such as in a hurry or at leisure.',
    },
    human: {
      type: 'boolean',
      description:
        'Some users have a bad day, are excited or impatient, leave typos in, or say less than they want.',
    },
    costs: {
      type: 'boolean',
      description:
        'Also measure what alignment cost: two probes after each case, and questions to the judge.',
    },
    cases: {
      type: 'string',
      valueHint: 'N|DIR',
      default: '100',
      description: "Number of ALOE cases, or the directory of the authors' released evaluation files.",
    },
    turns: { type: 'string', valueHint: 'N', default: '10', description: 'Turns per case.' },
    repeats: { type: 'string', valueHint: 'N', default: '1', description: 'Simulations of each case.' },
    seed: {
      type: 'string',
      valueHint: 'N',
      default: '7',
      description: 'Random seed. Same seed, same choices.',
    },
    name: { type: 'string', description: 'Name of the model in tables (default: its id).' },
    ...gateArgs('the average alignment level (the mean over turns of the mean score, 1 to 5)'),
    run: {
      type: 'string',
      default: 'runs/evaluate',
      valueHint: 'DIR',
      description: 'Run directory. Reuse it to resume.',
    },
    'budget-tokens': { type: 'string', description: 'Stop before using more than this many tokens.' },
    ...reboughtArgs,
    out: {
      type: 'string',
      valueHint: 'FILE',
      description: 'Result file (default: NAME.json in the run directory, or here if that is read-only).',
    },
  },
  examples: [
    {
      words: 'evaluate --model gpt-4o-mini --cases 10 --turns 5',
      what: 'Ten cases; the same provider plays the users and judges. Needs OPENAI_API_KEY.',
    },
    {
      words:
        'evaluate --model tuned --base-url http://localhost:8000/v1 --user-model gpt-4o-mini --name tuned --fail-under 4',
      what: 'A model on your own server, as a gate in CI: status 3 if its average is below 4.',
    },
  ],
  failed: 'Failed, or some responses have no score. The result is written all the same.',
  interrupted: 'Run the same command again to resume.',
  async run({ args, signal, resumeWith }) {
    const turns = readNumber('turns', args.turns, { min: 1, whole: true });
    const repeats = readNumber('repeats', args.repeats, { min: 1, whole: true });
    const seed = readNumber('seed', args.seed, { min: 0, whole: true });
    const gate = readGate(args, 1);
    const byRules = checkChoice('judge', args.judge, ['model', 'rules']) === 'rules';
    const rubric = readRubric(args.rubric);
    if (byRules && rubric !== undefined) {
      throw new InvalidOptionError('rubric', 'no rubric with --judge rules', rubric);
    }
    const maxRebought = readNumber('max-rebought', args['max-rebought'], { min: 0, whole: true });
    const budgetTokens = readOptionalNumber('budget-tokens', args['budget-tokens'], { min: 0 });
    const otherPersona = readOtherPersona(args['other-persona']);
    const userPrompt = readUserPrompt(args['user-prompt']);
    const drawn = await chooseFlaggedCases(args.cases, seed);
    const cases = changeCases(byRules ? ruleCases(drawn, { seed }) : drawn, { ...args, seed, turns });
    if (args.out !== undefined) await checkWritable('out', args.out);

    const keyless = describeKeyless(args['base-url'], args['key-env']);
    if (keyless !== '') printError(keyless);
    refuseMissing([
      ...missingForModel(args),
      ...(args['user-model'] === undefined ? missingForModel({}, 'user') : missingForRole('user', args)),
      ...missingForRole('judge', args),
    ]);
    const candidate = await chooseModel(args, signal);
    const user = (await chooseRoleModel('user', args, signal)) ?? (await chooseModel({}, signal));
    const ownJudge = await chooseRoleModel('judge', args, signal);
    if (byRules && ownJudge !== undefined) {
      throw new InvalidOptionError('judge-model', 'no model with --judge rules', args['judge-model']);
    }
    const models: FlaggedModel[] = [
      { model: candidate.model, same: 'same-model', revision: 'revision' },
      flaggedRole(user.model, 'user'),
      ...(ownJudge === undefined ? [] : [flaggedRole(ownJudge.model, 'judge')]),
    ];
    const { sameModel, resumeFlags } = readWeights(models, args);
    resumeWith(
      `Run the same command again${resumeFlags ? ` with${resumeFlags}` : ''} to resume (${args.run}).`,
    );
    try {
      return await evaluate({
        candidate,
        name: args.name ?? candidate.model.id,
        user,
        judging: byRules ? 'rules' : (ownJudge ?? user),
        models: models.map(({ model }) => model),
        rubric,
        cases,
        turns,
        repeats,
        seed,
        otherPersona,
        costs: args.costs === true,
        human: args.human === true,
        users: promptUsers(userPrompt, user),
        dir: args.run,
        out: args.out,
        maxRebought,
        budget: { tokens: budgetTokens },
        sameModel,
        gate,
        signal,
      });
    } catch (error) {
      throw inFlags(error, models);
    } finally {
      for (const chosen of new Set([candidate, user, ownJudge])) await chosen?.model.dispose?.();
    }
  },
});

/** A server elsewhere refuses calls without a key, but only after the first user has been played. So it is said before. */
function describeKeyless(baseUrl: string | undefined, keyEnv: string | undefined): string {
  if (baseUrl === undefined || keyEnv !== undefined || !URL.canParse(baseUrl)) return '';
  if (!baseUrl.startsWith('https:') || ownsEnvironmentKey(baseUrl)) return '';
  return `No key is sent to ${new URL(baseUrl).host}. If it needs one, name its environment variable: --key-env VARIABLE.`;
}
