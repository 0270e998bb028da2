import { setupPython } from '../../training/folder/setup-python.ts';
import { createStatusLine, printError } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const setupCommand: Verb = defineVerb({
  args: {
    dir: { type: 'string', description: 'Directory of the environment (default: in your cache directory).' },
    python: { type: 'string', description: 'The Python to create it with (default: python3).' },
    'torch-index-url': {
      type: 'string',
      description: 'Package index to install torch from, for another build.',
    },
    packages: { type: 'string', description: 'More packages to install, separated by commas.' },
  },
  examples: [
    { words: 'train setup', what: 'Install TRL and torch for the GPU of this machine.' },
    {
      words: 'train setup --torch-index-url https://download.pytorch.org/whl/cpu',
      what: 'A smaller torch for a machine without a GPU.',
    },
  ],
  interrupted: 'Run the same command to finish the installation.',
  async run({ args, signal }) {
    const line = createStatusLine();
    try {
      const python = await setupPython({
        dir: args.dir,
        python: args.python,
        torchIndexUrl: args['torch-index-url'],
        packages: wordsOf(args.packages),
        signal,
        onEvent(event) {
          if (event.type === 'setup-output') line.update(`  ${event.line}`);
          else {
            line.clear();
            printError(`  ${event.command}`);
          }
        },
      });
      return { text: python, json: { python } };
    } finally {
      line.clear();
    }
  },
});

function wordsOf(list: string | undefined): string[] {
  return list?.split(',').map((word) => word.trim()) ?? [];
}
