import { existsSync, realpathSync, statSync } from 'node:fs';
import { InvalidOptionError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { rowId } from '../../models/call-key.ts';
import { checkSeed } from '../directory/run-file.ts';
import { displayedPlace, isPostgresUrl } from '../postgres-url.ts';
import { directorySource, directoryTarget } from './merge-directory.ts';
import type { MergeSource, MergeTarget } from './merge-place.ts';
import { mergeServers } from './merge-servers.ts';

/** What came from one run. */
export interface MergedRun {
  readonly dir: string;
  /** Answers that the merged run did not have. */
  readonly added: number;
  /** Answers that it had already, word for word. */
  readonly same: number;
  /** Calls that both had different answers to. The merged run keeps its own. */
  readonly differing: number;
  /** Places of the first 20 of those. */
  readonly differingPlaces: readonly string[];
  /** Rows that were damaged and left out. */
  readonly damaged: number;
  /**
   * Calls that this run has submitted in batches and has no answer to. The merged run waits for the same batches. A run in a
   * database cannot: there these calls are paid for again, unless this run is finished first and then copied again.
   */
  readonly inBatches: number;
}

/** Options of {@link mergeRuns}. */
export interface MergeRunsOptions {
  /** Called after each run. */
  readonly onEvent?: ((event: { readonly type: 'run-merged' } & MergedRun) => void) | undefined;
  /** Aborts. What was merged by then stays, and the same call goes on from there. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies the stored answers of runs into one, so that their calls are replayed from it, and the ids of batches that they wait
 * for. A call that the merged run has an answer to keeps it. Can be repeated at any time: what is there already is left alone.
 *
 * @param into Directory of the merged run, or its URL in a database. It is created if it does not exist, with the seed of the others.
 * @param from Directories or URLs of the runs to copy from. They are only read.
 * @example
 * ```ts
 * const [first] = await mergeRuns('runs/all', ['runs/half-1', 'runs/half-2']);
 * console.log(`${first.added} answers from ${first.dir}`);
 * ```
 *
 * @throws InvalidOptionError if a directory is given twice, or `from` is empty.
 * @throws RunConflictError if seeds differ, a run is in use, version 0.1 wrote one, or a model was last called at two
 * addresses, so that its weights may not be the same.
 * @throws RunStorageError if a directory holds no run, or cannot be read or written.
 */
export async function mergeRuns(
  into: string,
  from: readonly string[],
  { onEvent = () => {}, signal }: MergeRunsOptions = {},
): Promise<MergedRun[]> {
  checkPlaces(into, from);
  const opened: { close(): void | Promise<void> }[] = [];
  try {
    const sources: { readonly name: string; readonly source: MergeSource }[] = [];
    for (const place of from) {
      const source = await openSource(place);
      opened.push(source);
      sources.push({ name: displayedPlace(place), source });
    }
    const { seed } = sources[0]!.source.header;
    for (const { name, source } of sources) checkSeed(name, source.header.seed, seed);
    const target = await openTarget(into, seed);
    opened.push(target);
    const servers = sources.reduce(
      (merged, { name, source }) =>
        mergeServers(merged, source.header, { into: displayedPlace(into), from: name }),
      { servers: target.header.servers, reported: target.header.reported },
    );
    await target.saveHeader({ seed, ...servers });
    const merged: MergedRun[] = [];
    for (const { name, source } of sources) {
      const run = { dir: name, ...(await copy(source, target, signal)) };
      onEvent({ type: 'run-merged', ...run });
      merged.push(run);
    }
    return merged;
  } finally {
    for (const each of opened) await each.close();
  }
}

async function openSource(place: string): Promise<MergeSource> {
  if (!isPostgresUrl(place)) return directorySource(place);
  const { databaseSource } = await import('./merge-database.ts');
  return databaseSource(place);
}

async function openTarget(place: string, seed: number): Promise<MergeTarget> {
  if (!isPostgresUrl(place)) return directoryTarget(place, seed);
  const { databaseTarget } = await import('./merge-database.ts');
  return databaseTarget(place, seed);
}

const MAX_PLACES = 20;

async function copy(
  source: MergeSource,
  target: MergeTarget,
  signal: AbortSignal | undefined,
): Promise<Omit<MergedRun, 'dir'>> {
  const counts = { added: 0, same: 0, differing: 0, damaged: 0 };
  const differingPlaces: string[] = [];
  const unanswered = new Set(source.submitted.flatMap((batch) => batch.rows));
  await target.addSubmitted?.(source.submitted);
  for await (const rows of source.batches()) {
    signal?.throwIfAborted();
    const outcomes = await target.put(rows);
    for (const [index, outcome] of outcomes.entries()) {
      counts[outcome] += 1;
      if (outcome !== 'damaged') unanswered.delete(rowId(rows[index]!.key));
      if (outcome === 'differing' && differingPlaces.length < MAX_PLACES) {
        differingPlaces.push(rows[index]!.place);
      }
    }
    // Lets Ctrl-C through.
    await new Promise(setImmediate);
  }
  return { ...counts, differingPlaces, inBatches: unanswered.size };
}

function checkPlaces(into: string, from: readonly string[]): void {
  checkPath('into', into);
  if (from.length === 0) throw new InvalidOptionError('from', 'at least one run directory', from);
  const known = new Set(existsSync(into) ? [realpathSync(into)] : []);
  for (const dir of from) {
    checkPath('from', dir);
    if (isPostgresUrl(dir)) continue;
    if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) continue;
    const real = realpathSync(dir);
    if (known.has(real))
      throw new InvalidOptionError('from', 'each directory once, and not the merged run', dir);
    known.add(real);
  }
}
