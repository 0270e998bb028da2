import { demo } from './demo.ts';
import { demoAsJson, describeDemo } from './demo-report.ts';
import { openFile } from './open-file.ts';
import { printError } from './terminal.ts';
import { defineVerb, type Verb } from './verb.ts';

export const demoCommand: Verb = defineVerb({
  args: {
    out: {
      type: 'string',
      default: 'aloe-demo',
      valueHint: 'DIR',
      description: 'Directory for the report and the files.',
    },
    open: { type: 'boolean', description: 'Open the report in the browser.' },
  },
  examples: [
    { words: 'demo --open', what: 'The report in the browser.' },
    { words: 'demo --json --out study', what: 'The numbers as JSON; report and files in study/.' },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted.',
  async run({ args: { out, open }, signal }) {
    const result = await demo(out, signal);
    if (open && !(await openFile(result.report))) {
      printError(`No program to open it with was found. Open it in a browser: ${result.report}`);
    }
    return { text: describeDemo(result), json: demoAsJson(result) };
  },
});
