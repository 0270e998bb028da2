import { randomUUID } from 'node:crypto';
import { TrainingError } from '../../../errors.ts';
import type { CommandRunner } from '../../../internal/run-command.ts';
import { shellQuote } from '../../../internal/shell-quote.ts';
import { sleep } from '../../../internal/sleep.ts';
import type { EngineApi } from '../engine-api.ts';
import { getJob } from './jobs.ts';
import { JOBS_PATH, jobPath, rayLogs, rayStatus } from './wire.ts';

const POLL_MS = 500;
/** Long enough for a runtime environment with `pip` to be installed. */
const PATIENCE_MS = 600_000;

/** The lines in the log before and after the command's output. Ray itself writes there too. */
const MARK = '---- output of aloe-align';

/**
 * Runs commands on the cluster, each as a job of its own, which is removed afterwards. It reserves nothing, so Ray runs it where
 * it runs drivers: on the head node, unless the cluster is set up otherwise.
 */
export function remoteRunner(api: EngineApi, runtimeEnv: Readonly<Record<string, unknown>>): CommandRunner {
  return async (command, { signal }) => {
    const id = `aloe-check-${randomUUID()}`;
    const json = { submission_id: id, entrypoint: keepingApart(command), runtime_env: runtimeEnv };
    api.expectSuccess(await api.call({ method: 'POST', path: JOBS_PATH, json, signal }));
    try {
      const exitCode = await untilEnd(api, id, signal);
      const { logs } = await api.read(rayLogs, { method: 'GET', path: jobPath(id, '/logs'), signal });
      const [stderr = '', stdout = ''] = logs.split(`\n${MARK}\n`);
      return { exitCode, stdout, stderr };
    } finally {
      await remove(api, id);
    }
  };
}

/** A job's log has both outputs in one: here what the command prints comes after its messages. */
function keepingApart(command: readonly string[]): string {
  const mark = shellQuote(MARK);
  const run = `aloe_output=$(${command.map(shellQuote).join(' ')} 2>&3)`;
  return `exec 3>&1; ${run}; aloe_status=$?; printf '\\n%s\\n%s\\n%s\\n' ${mark} "$aloe_output" ${mark}; exit $aloe_status`;
}

async function untilEnd(api: EngineApi, id: string, signal: AbortSignal | undefined): Promise<number | null> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const job = await getJob(api, id, signal);
    if (job === undefined) throw new TrainingError(api.backend, `${api.url.host} has lost a check.`);
    const { state, exitCode, reason } = rayStatus(job);
    if (state === 'succeeded') return exitCode ?? 0;
    if (state === 'failed' && exitCode !== null) return exitCode;
    if (state === 'failed' || state === 'cancelled') {
      throw new TrainingError(api.backend, `a check ${state}: ${reason ?? 'no reason given'}`);
    }
    if (performance.now() > deadline) {
      throw new TrainingError(api.backend, `a check did not end in ${PATIENCE_MS / 60_000} minutes.`);
    }
    await sleep(POLL_MS, signal);
  }
}

/** Also after an abort. A check that cannot be removed does no harm. */
async function remove(api: EngineApi, id: string): Promise<void> {
  try {
    const { status } = await api.call({ method: 'DELETE', path: jobPath(id) });
    if (status >= 300) await api.call({ method: 'POST', path: jobPath(id, '/stop') });
  } catch {}
}
