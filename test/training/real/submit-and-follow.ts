import { readFile } from 'node:fs/promises';
import { sleep } from '../../../src/internal/sleep.ts';
import { ray } from '../../../src/training/backends/ray.ts';

/** Submits the job of a file, tells its handle, and follows it until it is killed. */
const { options, job } = JSON.parse(await readFile(process.argv[2]!, 'utf8'));
const backend = ray(options);
const handle = await backend.submit(job);
console.log(JSON.stringify(handle));
for (;;) {
  await backend.status(handle);
  await sleep(200);
}
