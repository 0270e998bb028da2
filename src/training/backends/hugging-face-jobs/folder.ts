import { canonicalJson, sha256 } from '../../../internal/hash.ts';
import { shellQuote } from '../../../internal/shell-quote.ts';
import { pinnedPackages } from '../../folder/pinned-packages.ts';
import { readPythonFile } from '../../folder/python-script.ts';
import { type JobFolderManifest, renderJob } from '../../folder/render-job.ts';
import type { RenderedJob, TrainingJob } from '../../job/training-job.ts';

/** Begins a line of the log that is a logged step: a stage's name and JSON follow. */
export const STEP = 'aloe-step';

/** The script that the container runs, in the job's directory. */
export const SCRIPT = 'job.sh';

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
  const packages = install ? await pinnedPackages('python3') : { inputs: {}, commands: [] };
  const publisher = await readPythonFile('publish_result.py');
  const inputs = { ...rendered.inputs, ...packages.inputs };
  const sums = Object.values(inputs).map((file) => file.sha256);
  const script = (tag: string): string => jobScript(stages, packages.commands, repo, tag);
  const hash = sha256(canonicalJson({ job: rendered.id, sums, publisher, script: script('') }));
  const key = `aloe-${hash.slice(0, 24)}`;
  const files = { ...rendered.files, 'scripts/publish_result.py': publisher, [SCRIPT]: script(key) };
  return { ...rendered, files, inputs, key };
}

/**
 * Trains in a copy of the directory. Meanwhile `tail` copies each logged step to the log, the only thing that leaves the
 * container before the end; it ends with the training (`--pid` is GNU's).
 */
function jobScript(
  stages: JobFolderManifest['stages'],
  install: readonly string[],
  repo: string,
  tag: string,
): string {
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
