import { pullWithProgress } from './pull-with-progress.ts';
import { defineVerb, type Verb } from './verb.ts';

export const pullCommand: Verb = defineVerb({
  args: {
    'models-dir': { type: 'string', description: 'Directory for the weights (default: the user cache).' },
    offline: { type: 'boolean', description: 'Only verify local files. Never use the network.' },
  },
  examples: [{ words: 'models pull', what: 'Download once; later runs need no network for them.' }],
  failed: 'Failed.',
  interrupted: 'Interrupted. No partial files are left; run the same command again to download.',
  async run({ args, signal }) {
    const models = await pullWithProgress({
      modelsDir: args['models-dir'],
      offline: args.offline,
      signal,
    });
    const lines = Object.entries(models).map(([name, path]) => `${name}: ${path}`);
    return { text: lines.join('\n'), json: { models } };
  },
});
