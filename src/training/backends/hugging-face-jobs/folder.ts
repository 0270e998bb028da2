import { canonicalJson, fileSha256, sha256 } from '../../../internal/hash.ts';
import { shellQuote } from '../../../internal/shell-quote.ts';
import { pythonFilePath, readPythonFile } from '../../folder/python-script.ts';
import { type JobFolderManifest, renderJob } from '../../folder/render-job.ts';
import type { RenderedJob, TrainingJob } from '../../job/training-job.ts';

/** Begins a line of the log that is a logged step: a stage's name and JSON follow. */
export const STEP = 'aloe-step';

/** The script that the container runs, in the job's directory. */
export const SCRIPT = 'job.sh';

const REQUIREMENTS = 'requirements-train.txt';

/** A job's directory with what a container needs besides. */
export interface HubFolder extends RenderedJob {
  /** Its directory in the data repository, the tag of its result, and the label by which the job is found again. */
  readonly key: string;
}

/** Where a job's result goes, and whether the container installs what training needs. */
export interface HubFolderOptions {
  readonly repo: string;
  readonly install: boolean;
}

/** Renders a job for a container that sees its directory read-only, and is gone once the job has ended. */
export async function renderHubFolder(
  job: TrainingJob,
  { repo, install }: HubFolderOptions,
): Promise<HubFolder> {
  const rendered = await renderJob(job);
  const { stages } = JSON.parse(rendered.files['manifest.json']!) as JobFolderManifest;
  const torch = /^torch==.*$/m.exec(await readPythonFile('requirements-train.in'))?.[0] ?? 'torch';
  const publisher = await readPythonFile('publish_result.py');
  const inputs = {
    ...rendered.inputs,
    ...(install && { [REQUIREMENTS]: await fileOf(pythonFilePath(REQUIREMENTS)) }),
  };
  const sums = Object.values(inputs).map((file) => file.sha256);
  const script = (tag: string): string => jobScript(stages, install ? torch : null, repo, tag);
  const hash = sha256(canonicalJson({ job: rendered.id, sums, publisher, script: script('') }));
  const key = `aloe-${hash.slice(0, 24)}`;
  const files = { ...rendered.files, 'scripts/publish_result.py': publisher, [SCRIPT]: script(key) };
  return { ...rendered, files, inputs, key };
}

async function fileOf(path: string): Promise<{ readonly path: string; readonly sha256: string }> {
  return { path, sha256: await fileSha256(path) };
}

/**
 * Trains in a copy of the directory. Meanwhile `tail` copies each logged step to the log, the only thing that leaves the
 * container before the end; it ends with the training (`--pid` is GNU's).
 */
function jobScript(
  stages: JobFolderManifest['stages'],
  torch: string | null,
  repo: string,
  tag: string,
): string {
  const pip = 'python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore';
  const install =
    torch === null
      ? []
      : [`${pip} ${shellQuote(torch)}`, `${pip} --no-deps --require-hashes -r ${REQUIREMENTS}`];
  const steps = stages.map(
    ({ name, training }) =>
      `tail --pid="$run" -q -n +1 -s 0.5 -F ${training}/log_history.jsonl 2>/dev/null | sed -u 's/^/${STEP} ${name} /' &`,
  );
  return `${[
    '#!/usr/bin/env bash',
    '# Trains in a copy of this directory, which is read-only, and pushes the result.',
    'set -euo pipefail',
    'place=$(mktemp -d)',
    'cp -R "$(dirname -- "$0")/." "$place"',
    'cd -- "$place"',
    ...install,
    'bash run.sh &',
    'run=$!',
    ...steps,
    'status=0',
    'wait "$run" || status=$?',
    'wait',
    '[ "$status" = 0 ] || exit "$status"',
    `python3 scripts/publish_result.py ${shellQuote(repo)} ${shellQuote(tag)}`,
  ].join('\n')}\n`;
}
