import { join } from 'node:path';
import { saveAbilities } from '../../abilities/abilities-result.ts';
import { abilitiesTable } from '../../abilities/describe-abilities.ts';
import { instructions } from '../../abilities/instructions.ts';
import { measureLikelihood } from '../../abilities/likelihood.ts';
import { runLmEval } from '../../abilities/lm-eval.ts';
import { measureAbilities } from '../../abilities/measure-abilities.ts';
import { DEFAULT_OPENAI_MODEL } from '../../config/open-model.ts';
import { InvalidOptionError } from '../../errors.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { checkWritable } from '../check-writable.ts';
import { namedModel, openNamed, servedModelArgs } from '../choose-model.ts';
import { withCommandRun } from '../command-run.ts';
import { missingForModel, refuseMissing } from '../missing-parts.ts';
import { readNumber, readOptionalNumber } from '../read-number.ts';
import { seedArg } from '../seed-arg.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const measureCommand: Verb = defineVerb({
  args: {
    model: {
      type: 'string',
      description: `Model: openai:NAME, openai-compatible:NAME@URL, ai-sdk:PACKAGE:NAME, or its name at --base-url (default: ${DEFAULT_OPENAI_MODEL} if OPENAI_API_KEY is set, else the embedded model).`,
    },
    'base-url': {
      type: 'string',
      description: 'OpenAI-compatible server of --model, e.g. http://localhost:8000/v1.',
    },
    ...servedModelArgs,
    gguf: {
      type: 'string',
      valueHint: 'FILE',
      description: 'GGUF file to measure in this process, or hf:owner/repository:quantisation.',
    },
    embedded: { type: 'boolean', description: 'Measure the embedded model.' },
    name: {
      type: 'string',
      description: "Name in tables (default: the model's id). Give it the name that its evaluation has.",
    },
    count: {
      type: 'string',
      valueHint: 'N',
      description: `Number of requests, drawn by the seed (default: all ${instructions.length}).`,
    },
    weights: {
      type: 'string',
      valueHint: 'DIR',
      description: "The model's directory, for perplexity and --lm-eval (default: neither is measured).",
    },
    python: {
      type: 'string',
      description: 'A Python with transformers, for perplexity (default: the one of `aloe train setup`).',
    },
    'lm-eval': {
      type: 'string',
      valueHint: 'TASKS',
      description: 'Tasks of lm-evaluation-harness, separated by commas. It must be installed.',
    },
    'lm-eval-command': {
      type: 'string',
      valueHint: 'WORDS',
      description: 'Program of the harness, with arguments (default: lm_eval).',
    },
    'lm-eval-include': {
      type: 'string',
      valueHint: 'DIR',
      description: 'Folder with more tasks for --lm-eval, such as your own.',
    },
    'lm-eval-limit': { type: 'string', valueHint: 'N', description: 'Cases per task (default: all).' },
    concurrency: {
      type: 'string',
      valueHint: 'N',
      description: 'Maximum number of calls in flight (default: 16). Use 1 or 2 for a server without a GPU.',
    },
    seed: seedArg,
    run: {
      type: 'string',
      default: 'runs/abilities',
      valueHint: 'DIR',
      description: 'Run directory. Reuse it to resume.',
    },
    out: {
      type: 'string',
      valueHint: 'FILE',
      description: 'Result file (default: NAME.abilities.json in the run directory).',
    },
  },
  examples: [
    {
      words: 'abilities measure --model base --base-url http://localhost:8000/v1 --out base.abilities.json',
      what: 'How many of 80 instructions does a served model follow?',
    },
    {
      words:
        'abilities measure --model tuned/dpo/model --base-url http://localhost:8000/v1 --name tuned --weights tuned/dpo/model',
      what: 'The same after training, with perplexity on general chat.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Run the same command again to resume.',
  async run({ args, signal, resumeWith }) {
    const count = readOptionalNumber('count', args.count, { min: 1, max: instructions.length, whole: true });
    const limit = readOptionalNumber('lm-eval-limit', args['lm-eval-limit'], { min: 1, whole: true });
    const seed = readNumber('seed', args.seed, { min: 0, whole: true });
    const concurrency = readOptionalNumber('concurrency', args.concurrency, { min: 1, whole: true });
    const { weights, 'lm-eval': tasks } = args;
    if (tasks !== undefined && weights === undefined) {
      throw new InvalidOptionError('weights', 'a directory (required with --lm-eval)', weights);
    }
    for (const flag of ['lm-eval-command', 'lm-eval-include', 'lm-eval-limit'] as const) {
      if (args[flag] !== undefined && tasks === undefined) {
        throw new InvalidOptionError('lm-eval', `names of tasks (required with --${flag})`, tasks);
      }
    }
    if (args.out !== undefined) await checkWritable('out', args.out);
    const named = namedModel(args);
    refuseMissing(missingForModel(named));
    const opened = await openNamed(named, signal);
    return withCommandRun(
      {
        dir: args.run,
        models: [{ model: opened.model, same: 'same-model', revision: 'revision' }],
        args,
        run: { seed, concurrency },
        resumeWith,
      },
      async ({ run, display, cost }) => {
        const name = args.name ?? opened.model.id;
        const path = args.out ?? join(run.readOnly ? '' : args.run, `${fileName(name)}.abilities.json`);
        await checkWritable('out', path);
        display.stage = weights === undefined ? 'abilities' : 'perplexity on general chat';
        const likelihood =
          weights === undefined
            ? undefined
            : await measureLikelihood(weights, { python: args.python, signal });
        if (tasks !== undefined) display.stage = 'lm-eval';
        const lmEval =
          weights === undefined || tasks === undefined
            ? undefined
            : await runLmEval(weights, {
                tasks: tasks.split(',').map((task) => task.trim()),
                command: args['lm-eval-command']?.split(/\s+/),
                includePath: args['lm-eval-include'],
                limit,
                signal,
              });
        const result = await measureAbilities(opened.model, {
          run,
          name,
          count,
          likelihood,
          lmEval,
          signal,
          onEvent({ done, total }) {
            display.stage = `abilities, ${done} of ${total} requests`;
          },
        });
        await saveAbilities(result, path);
        const costs = cost();
        display.say(`To compare it: aloe abilities compare ${shellQuote(path)} OTHER.abilities.json`);
        return {
          text: `${abilitiesTable([result])}\n\nResult: ${path}`,
          json: { result: path, abilities: result, cost: costs },
        };
      },
    );
  },
});

function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-');
}
