import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TrainingJob } from '../../src/training/job/training-job.ts';
import type { TrainingHandle } from '../../src/training/training-backend.ts';

/** Submits a job to the local backend from a process of its own, which is killed at once; gives what it left. */
export async function submitAndDie(
  job: TrainingJob,
  jobPath: string,
  folder: string,
  python: string,
): Promise<TrainingHandle> {
  await writeFile(jobPath, JSON.stringify(job));
  const program = fileURLToPath(new URL('fixtures/submit-local.ts', import.meta.url));
  const child = spawn(process.execPath, [program, jobPath, folder, python], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return JSON.parse(line) as TrainingHandle;
}
