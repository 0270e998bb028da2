import { type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { setupPython } from '../../training/setup-python.ts';
import { checkArguments } from '../check-arguments.ts';
import { guarded } from '../guarded.ts';
import { createStatusLine } from '../terminal.ts';

const setupArgs: Record<'dir' | 'python' | 'torch-index-url' | 'packages', StringArgDef> = {
  dir: { type: 'string', description: "Folder of the environment (default: in the user's cache folder)." },
  python: { type: 'string', description: 'The Python it is made of (default: python3).' },
  'torch-index-url': { type: 'string', description: 'Where torch comes from, for another build of it.' },
  packages: { type: 'string', description: 'More packages, with commas between them.' },
};

export const setupCommand: CommandDef<typeof setupArgs> = defineCommand({
  meta: {
    name: 'setup',
    description: 'Make a Python environment with TRL, in the versions that were tested.',
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
              console.error(`  ${event.command}`);
            }
          },
        });
        line.clear();
        console.log(python);
      } finally {
        line.clear();
      }
    }, 'Run the same command to complete it.'),
});

function wordsOf(list: string | undefined): string[] {
  return list?.split(',').map((word) => word.trim()) ?? [];
}
