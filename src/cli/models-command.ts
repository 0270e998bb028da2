import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { checkArguments } from './check-arguments.ts';
import { guarded } from './guarded.ts';
import { pullWithProgress } from './pull-with-progress.ts';
import { print } from './terminal.ts';

const pullArgs = {
  'models-dir': { type: 'string', description: 'Directory for the weights (default: the user cache).' },
  offline: { type: 'boolean', description: 'Only verify local files. Never use the network.' },
} as const satisfies ArgsDef;

const pull = defineCommand({
  meta: { name: 'pull', description: 'Download the built-in models and verify their checksums.' },
  args: pullArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, pullArgs);
      const paths = await pullWithProgress({ modelsDir: args['models-dir'], offline: args.offline, signal });
      for (const [name, path] of Object.entries(paths)) print(`${name}: ${path}`);
    }, 'Interrupted. No partial files are left; run the same command again to download.'),
});

export const modelsCommand: CommandDef = defineCommand({
  meta: { name: 'models', description: 'Manage the built-in models, which need no key and no server.' },
  subCommands: { pull },
});
