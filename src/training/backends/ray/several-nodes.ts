import { shellQuote } from '../../../internal/shell-quote.ts';
import { readPythonFile } from '../../folder/python-script.ts';
import { renderJob } from '../../folder/render-job.ts';
import type { RenderedJob, TrainingJob, TrainingResources } from '../../job/training-job.ts';

const SCRIPT = 'scripts/ray_nodes.py';

/** Pythons that may have Ray, in the order they are tried: the cluster's own has the right version. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell.
const PYTHONS = 'python python3 "${ALOE_PYTHON:-python3}"';

/** Whether a Python has Ray, without the second that it takes to import it. */
const HAS_RAY = `-c 'import importlib.util as u, sys; sys.exit(u.find_spec("ray") is None)'`;

/** The job's directory, with the driver that a job on several nodes needs. */
export async function renderRayJob(job: TrainingJob): Promise<RenderedJob> {
  const rendered = await renderJob(job);
  if (job.resources.nodes === 1) return rendered;
  return { ...rendered, files: { ...rendered.files, [SCRIPT]: await readPythonFile('ray_nodes.py') } };
}

/** Shell words that start the driver of a job on several nodes, in the job's directory. */
export function driverOnNodes(resources: TrainingResources, graceMs: number): string {
  const { nodes, gpus, cpus = 1, memoryGiB, timeLimitMinutes: minutes = null } = resources;
  const bundle = {
    CPU: cpus,
    ...(gpus > 0 && { GPU: gpus }),
    ...(memoryGiB !== undefined && { memory: memoryGiB * 2 ** 30 }),
  };
  const settings = JSON.stringify({ nodes, bundle, minutes, graceSeconds: Math.ceil(graceMs / 1_000) });
  // As in run.sh: Python imports installed modules only.
  return `export PYTHONSAFEPATH=1; ${withRay(`exec "$aloe_ray" ${SCRIPT} ${shellQuote(settings)}`)}`;
}

/** Shell words that run others with the first Python that has Ray as `$aloe_ray`. They fail if there is none. */
export function withRay(words: string): string {
  const find = `for aloe_ray in ${PYTHONS}; do if "$aloe_ray" ${HAS_RAY} 2>/dev/null; then ${words}; fi; done`;
  return `${find}; echo 'ModuleNotFoundError: no Python of this node has Ray' >&2; exit 1`;
}
