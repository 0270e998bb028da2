import type { OpenedModel } from '../config/opened-model.ts';
import { oneLine } from '../internal/format.ts';
import type { Run } from '../runs/run.ts';
import { storedAnswersOf } from '../runs/stored-answers.ts';

/**
 * A caveat if the files of a served model have changed since the run's earlier answers, before the first call under the new
 * revision. The files are new then, but a server that has been running all the time may not have read them. Empty if not.
 */
export function describeChangedWeights({ model: { id }, directory }: OpenedModel, run: Run): string {
  if (directory === undefined) return '';
  const stored = storedAnswersOf(run)?.models ?? [];
  const beginning = `${directory}@`;
  const earlier = stored.filter((other) => other.startsWith(beginning));
  if (earlier.length === 0 || earlier.includes(id)) return '';
  const revisions = earlier.map((other) => other.slice(beginning.length)).join(', ');
  return oneLine(
    `Note: the files in ${directory} have changed since this run's earlier answers (${revisions} then, ${id.slice(beginning.length)} now). A server that was already running may still answer with the old weights. If you have not restarted it, stop this command, restart the server, and add --revision NAME, so that no answer of the old weights is kept under the new revision.`,
  );
}
