import { type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { setupPython } from '../../training/setup-python.ts';
import { checkArguments } from '../check-arguments.ts';
import { guarded } from '../guarded.ts';
import { createStatusLine, print, printError } from '../terminal.ts';

const setupArgs: Record<'dir' | 'python' | 'torch-index-url' | 'packages', StringArgDef> = {
  dir: { type: 'string', description: 'Directory of the environment (default: in your cache directory).' },
  python: { type: 'string', description: 'The Python to create it with (default: python3).' },
  'torch-index-url': {
    type: 'string',
    description: 'Package index to install torch from, for another build.',
  },
  packages: { type: 'string', description: 'More packages to install, separated by commas.' },
};

export const setupCommand: CommandDef<typeof setupArgs> = defineCommand({
  meta: {
    name: 'setup',
    description: 'Create a Python environment with TRL, in tested versions. Local jobs use it by default.',
  },
  args: setupArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, setupArgs);
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
        line.clear();
        print(python);
      } finally {
        line.clear();
      }
    }, 'Run the same command to finish the installation.'),
});

function wordsOf(list: string | undefined): string[] {
  return list?.split(',').map((word) => word.trim()) ?? [];
}
