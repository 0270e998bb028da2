import { counted } from '../../internal/format.ts';
import { type MergedRun, mergeRuns } from '../../runs/manage/merge-runs.ts';
import { displayedPlace, isPostgresUrl } from '../../runs/postgres-url.ts';
import { unusableRun } from '../command-run.ts';
import { printError } from '../terminal.ts';
import type { Outcome } from '../verb.ts';

/** Copies the answers of runs into one, and says on stderr what came from each. */
export async function copyRuns(into: string, from: readonly string[], signal: AbortSignal): Promise<Outcome> {
  const onEvent = (event: MergedRun) => {
    printError(describe(event));
    if (event.inBatches > 0) printError(describeBatches(event, isPostgresUrl(into)));
  };
  const runs = await mergeRuns(into, from, { signal, onEvent }).catch((error: unknown) => {
    throw unusableRun(error);
  });
  const added = runs.reduce((sum, run) => sum + run.added, 0);
  const name = displayedPlace(into);
  return { text: `${name} has ${counted(added, 'new answer')}.`, json: { into: name, runs } };
}

function describe({ dir, added, same, differing, differingPlaces, damaged }: MergedRun): string {
  const facts = [
    `${dir}: ${counted(added, 'new answer')}, ${same} that were there already`,
    damaged > 0 && `${damaged} damaged and left out`,
    differing > 0 &&
      `${differing} that differ from those there, which stay (the first is ${differingPlaces[0] || 'a vector'})`,
  ];
  return `${facts.filter(Boolean).join(', ')}.`;
}

/** What becomes of calls whose batches are not back. */
function describeBatches({ dir, inBatches }: MergedRun, isLeftBehind: boolean): string {
  const calls = `${dir} waits for ${counted(inBatches, 'call')} in batches`;
  return isLeftBehind
    ? `Warning: ${calls}, which a run in a database cannot take up, so they would be paid for again. Finish ${dir} first, and copy it again.`
    : `${calls}. The merged run takes them up.`;
}
