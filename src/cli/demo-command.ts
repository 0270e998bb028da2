import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { checkArguments } from './check-arguments.ts';
import { demo } from './demo.ts';
import { demoAsJson, describeDemo } from './demo-report.ts';
import { guarded } from './guarded.ts';
import { openFile } from './open-file.ts';
import { print, printError, printJson } from './terminal.ts';

const demoArgs: {
  readonly out: StringArgDef & { readonly default: string };
} & Record<'open' | 'json', BooleanArgDef> = {
  out: { type: 'string', default: 'aloe-demo', description: 'Directory for the report and the files.' },
  open: { type: 'boolean', description: 'Open the report in the browser.' },
  json: { type: 'boolean', description: 'Print the results as one JSON document.' },
};

export const demoCommand: CommandDef<typeof demoArgs> = defineCommand({
  meta: {
    name: 'demo',
    description: 'Show a small recorded study and write its report: no key, no model, no network.',
  },
  args: demoArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, demoArgs);
      const result = await demo(args.out, signal);
      if (args.json) printJson(demoAsJson(result));
      else print(describeDemo(result));
      if (args.open && !(await openFile(result.report))) {
        printError(`No program to open it with was found. Open it in a browser: ${result.report}`);
      }
    }, 'Interrupted.'),
});
