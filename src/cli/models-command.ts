import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { checkArguments } from './check-arguments.ts';
import { guarded } from './guarded.ts';
import { pullWithProgress } from './pull-with-progress.ts';

const pullArgs = {
  'models-dir': { type: 'string', description: 'Folder for the weights (default: the user cache).' },
  offline: { type: 'boolean', description: 'Only check what is there; never touch the network.' },
} as const satisfies ArgsDef;

const pull = defineCommand({
  meta: { name: 'pull', description: 'Fetch the small embedded models, once, and check their SHA-256.' },
  args: pullArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, pullArgs);
      const paths = await pullWithProgress({ modelsDir: args['models-dir'], offline: args.offline, signal });
      for (const [name, path] of Object.entries(paths)) console.log(`${name}: ${path}`);
    }, 'Nothing half-done was left. Run the same command to fetch again.'),
});

export const modelsCommand: CommandDef = defineCommand({
  meta: { name: 'models', description: 'The small models that need no key and no server.' },
  subCommands: { pull },
});
