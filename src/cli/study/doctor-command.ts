import { checkModels, type ModelCheck } from '../../pipeline/check-models.ts';
import { EXIT } from '../exit-status.ts';
import { createStatusLine } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { configFlags } from './config-flags.ts';
import { readStudyConfig, studyFlags } from './study.ts';
import { weightsPlace } from './weights-place.ts';

export const doctorCommand: Verb = defineVerb({
  args: studyFlags([]),
  examples: [
    { words: 'doctor', what: 'One small question to each model of the config.' },
    {
      words: 'doctor --model openai-compatible:qwen3@http://localhost:8000/v1',
      what: 'Can this server be used?',
    },
  ],
  failed: 'A model does not answer.',
  interrupted: 'Interrupted.',
  async run({ args, signal }) {
    const { config, path } = await readStudyConfig(configFlags([]), args);
    const line = createStatusLine();
    line.update('  Waiting for the models to answer, for up to 30 s');
    const checks = await checkModels(config, { ...weightsPlace(args), signal }).finally(line.clear);
    return {
      text: [`Config: ${path ?? 'none (flags and defaults)'}`, ...checks.map(describeCheck)].join('\n'),
      json: { config: path, checks },
      status: checks.some(({ level }) => level === 'error') ? EXIT.failed : EXIT.done,
    };
  },
});

function describeCheck({ roles, model, address, level, message, durationMs }: ModelCheck): string {
  const where = address === null ? '' : ` at ${address}`;
  const took = durationMs === null ? '' : ` (${(durationMs / 1_000).toFixed(1)} s)`;
  return `${level.padEnd(7)} ${model}${where}: ${message}${took}\n        ${roles.join(', ')}`;
}
