import { splitBaseUrls } from '../config/base-urls.ts';
import { DEFAULT_OPENAI_MODEL } from '../config/open-model.ts';
import { InvalidOptionError } from '../errors.ts';
import { ownsEnvironmentKey } from '../http/base-url.ts';
import { candidatesOf, openCandidates } from '../pipeline/candidates.ts';
import { evaluate } from '../pipeline/evaluate.ts';
import { filesDir } from '../pipeline/files-dir.ts';
import {
  compareHint,
  describeIncomplete,
  describeSaved,
  isComplete,
  missingOf,
  withoutCases,
} from './evaluate-report.ts';
import { EXIT } from './exit-status.ts';
import { checkGate, describeGate, gateArgs, readGate } from './gate.ts';
import { liveArgs } from './live-page.ts';
import { configFlags } from './study/config-flags.ts';
import { checkOut, readEvaluateConfig } from './study/evaluate-config.ts';
import { flaggedModels, modelFlags, sameModelRoles } from './study/model-flags.ts';
import { studyArgs } from './study/study.ts';
import { withConfig } from './study/with-config.ts';
import { printError } from './terminal.ts';
import { defineVerb, type Verb } from './verb.ts';

const flags = configFlags(['evaluation'], ['models', 'sameModel']);

export const evaluateCommand: Verb = defineVerb({
  args: {
    ...modelFlags({
      model:
        "Model to evaluate in place of the config's candidates: openai:NAME, openai-compatible:NAME@URL, ai-sdk:PACKAGE:NAME, or its name at --base-url.",
      gguf: 'GGUF file to evaluate in this process, or hf:owner/repository:quantisation.',
      embedded: 'Evaluate the embedded model.',
      user: `Model that plays the users (default: the config's, else ${DEFAULT_OPENAI_MODEL} if OPENAI_API_KEY is set, else the embedded model).`,
      judge: "Model that judges (default: the config's, else the one that plays the users).",
    }),
    name: { type: 'string', description: 'Name of --model in tables (default: its id).' },
    ...flags.args,
    run: {
      type: 'string',
      valueHint: 'DIR',
      description: "Run directory. Reuse it to resume (default: the config's; without one, runs/evaluate).",
    },
    seed: {
      type: 'string',
      valueHint: 'N',
      description: "Random seed. Same seed, same choices (default: the config's; without one, 7).",
    },
    candidates: {
      type: 'string',
      valueHint: 'METHODS',
      description:
        "Methods, separated by commas: bare, adaptive, chain-of-thought, oracle, reminder, self-critic, wrong-persona (default: bare with --model, else the config's candidates, else bare,adaptive).",
    },
    cases: {
      type: 'string',
      valueHint: 'N|DIR',
      description:
        "Number of ALOE cases, or the directory of the authors' released evaluation files (default: the config's, else 100).",
    },
    ...gateArgs('the average alignment level (the mean over turns of the mean score, 1 to 5)'),
    out: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'Result file, with one candidate (default: results/NAME.json in the run directory; in a temporary one if that is read-only).',
    },
    ...studyArgs,
    ...liveArgs,
  },
  examples: [
    {
      words: 'evaluate --model gpt-4o-mini --cases 10 --turns 5',
      what: 'Ten cases; the same provider plays the users and judges. Needs OPENAI_API_KEY.',
    },
    {
      words: 'evaluate --model openai-compatible:tuned@http://localhost:8000/v1 --name tuned --fail-under 4',
      what: 'A model on your own server, as a gate in CI: status 3 if its average is below 4.',
    },
    {
      words: 'evaluate --cases 20',
      what: 'All candidates of aloe.config.yaml, with its users and judge, as one table.',
    },
  ],
  failed:
    'Failed, or some responses have no score, for their own persona or for another. The results are written all the same.',
  interrupted: 'Run the same command again to resume.',
  async run({ args: given, signal, resumeWith }) {
    const args = given as Readonly<Record<string, unknown>>;
    const gate = readGate(given, 1);
    const out = given.out;
    const { config, candidate } = await readEvaluateConfig(flags, args);
    if (out !== undefined) {
      const { length } = candidatesOf(config);
      if (length > 1) throw new InvalidOptionError('out', 'no file with several candidates', out);
      await checkOut(out, filesDir(config));
    }
    sayKeyless(args);
    return withConfig(
      config,
      {
        parts: ['user', 'judge', 'candidates'],
        args,
        sameModel: sameModelRoles(args, 'candidate'),
        flagged: (pipeline) =>
          candidate === undefined
            ? []
            : flaggedModels(pipeline, args, pipeline.modelOf({ model: candidate }).model),
        // A model that is named on the command line is meant to be paid for.
        unasked: args.yes === true || candidate !== undefined,
        signal,
        resumeWith,
      },
      async ({ pipeline, display, estimate, cost, note }) => {
        const names = openCandidates(pipeline).map(({ name }) => name);
        const judge = config.evaluation?.judge === 'rules' ? 'rules' : pipeline.model('judge').model.id;
        const users = pipeline.model('user').model.id;
        display.stage = 'evaluation';
        display.say(`Evaluating ${names.join(', ')}. Users: ${users}. Judge: ${judge}.`);
        await estimate(['evaluation']);
        const saved = await Array.fromAsync(evaluate(pipeline, { out }));
        const outcomes = saved.map(({ result, path }) => ({
          result: path,
          evaluation: withoutCases(result),
          missing: missingOf(result),
          ...(gate && { gate: checkGate(gate, result.average, result.statistics.average) }),
        }));
        const costs = cost();
        display.say(compareHint(saved));
        for (const { result } of saved) {
          for (const line of describeIncomplete(result)) display.say(line);
        }
        for (const { evaluation, gate: met } of outcomes) {
          if (met) display.say(describeGate(met, `the average level of ${evaluation.candidate.name}`));
        }
        const isWhole = saved.every(({ result }) => isComplete(result));
        const isMet = outcomes.every(({ gate: met }) => met === undefined || met.met);
        const [only, ...others] = outcomes;
        return {
          text: describeSaved(saved),
          json: {
            ...(others.length === 0 ? only : { evaluations: outcomes }),
            cost: costs,
            ...(note !== '' && { note }),
          },
          // With own scores missing, the level is not the one that the gate is about.
          status: isWhole ? (isMet ? EXIT.done : EXIT.gate) : EXIT.failed,
        };
      },
    );
  },
});

/** A server elsewhere refuses calls without a key, but only after the first user has been played. So it is said before. */
function sayKeyless({ 'base-url': baseUrl, 'key-env': keyEnv }: Readonly<Record<string, unknown>>): void {
  if (typeof baseUrl !== 'string' || keyEnv !== undefined) return;
  const keyless = splitBaseUrls(baseUrl).filter(
    (url) => URL.canParse(url) && url.startsWith('https:') && !ownsEnvironmentKey(url),
  );
  if (keyless.length === 0) return;
  const hosts = keyless.map((url) => new URL(url).host).join(', ');
  printError(
    `No key is sent to ${hosts}. If it needs one, name its environment variable: --key-env VARIABLE.`,
  );
}
