import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEvaluation } from '../../evaluation/evaluation-file.ts';
import { writeModelCards } from '../../hub/write-model-cards.ts';
import { fetchArtifacts } from '../../training/fetch-artifacts.ts';
import { servingLines } from '../../training/serving/serving-lines.ts';
import { checkWritable } from '../check-writable.ts';
import { EXIT } from '../exit-status.ts';
import { printError } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { openJob, submittedArgs } from './open-job.ts';
import { describeStatus } from './training-display.ts';

export const fetchCommand: Verb = defineVerb({
  args: {
    ...submittedArgs,
    out: { type: 'string', required: true, valueHint: 'DIR', description: 'Directory for the result.' },
    results: {
      type: 'string',
      valueHint: 'FILES',
      description: "Evaluations for the models' cards, separated by commas: first the one before training.",
    },
    license: { type: 'string', description: "Licence for the cards (default: that of the base's card)." },
  },
  examples: [
    {
      words: 'train fetch --out tuned',
      what: 'The adapter or weights of the newest job, in the directory tuned.',
    },
  ],
  failed: 'The job has no result.',
  interrupted: 'Run the same command to copy everything again.',
  async run({ args, signal }) {
    await checkWritable('out', join(args.out, 'weights'));
    const { backend, handle, job } = await openJob(args);
    const results = await Promise.all(
      (args.results?.split(',') ?? []).map((path) => readEvaluation(path.trim())),
    );
    const artifacts = await backend.artifacts(handle, { signal });
    const { copied, elsewhere } = await fetchArtifacts(artifacts, args.out, signal);
    if (artifacts.length === 0) {
      printError(`No result: ${describeStatus(await backend.status(handle, { signal }))}`);
    }
    const cards =
      job === undefined || copied.length === 0
        ? []
        : await writeModelCards(args.out, job, { results, license: args.license });
    const model = job && join(args.out, job.stages.at(-1)!.name, 'model');
    if (model !== undefined && existsSync(model)) {
      const serve = Object.entries(servingLines(model)).map(
        ([server, line]) => `  ${`${server}:`.padEnd(14)}${line}`,
      );
      printError(
        `To serve ${model}:\n${serve.join('\n')}\nFor llama.cpp and Ollama, make the GGUF file and the Modelfile first: see docs/training.md.`,
      );
    }
    const lines = [
      ...new Set([...copied, ...cards]),
      ...elsewhere.map(({ path, location }) => `${path} is not on this machine: ${location}`),
    ];
    return {
      text: lines.join('\n'),
      json: { copied, elsewhere },
      status: artifacts.length === 0 ? EXIT.failed : EXIT.done,
    };
  },
});
