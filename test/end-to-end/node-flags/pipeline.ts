/** Runs the whole pipeline twice in a directory. Started by node-flags.test.ts with the flags under test. */
import { runSmallPipeline } from '../small-pipeline.ts';

const dir = process.argv[2]!;
console.log(`${await runSmallPipeline(dir)} calls, then ${await runSmallPipeline(dir)}`);
