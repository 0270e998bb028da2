import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunStorageError } from '../../errors.ts';
import type { ReadOnlyReason } from '../events.ts';
import { ReadOnlyJournal } from '../journal/read-only-journal.ts';
import { createReadOnlyRun } from '../read-only-run.ts';
import type { Run } from '../run-contract.ts';
import type { RunOptions } from '../run-options.ts';
import { FormerIds } from '../served/former-ids.ts';
import { ServedModels } from '../served/served-models.ts';
import { callsOf } from '../spending/accounts.ts';
import { StoredAnswers } from '../stored-answers.ts';
import { checkSeed, readHeader, type StoredHeader } from './run-file.ts';
import { checkRunFiles } from './run-files.ts';

/** A run that is to be opened read-only. */
export interface ReadOnlyHeader {
  readonly header: StoredHeader;
  readonly reason: ReadOnlyReason;
}

/**
 * Decides whether a run is only read. Null if not.
 *
 * @throws RunStorageError if it is requested and there is no run, or if one of the run's files is a link.
 */
export async function findReadOnly(dir: string, requested: boolean): Promise<ReadOnlyHeader | null> {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) checkRunFiles(dir);
  const header = await readHeader(dir);
  if (header === null) {
    if (!requested) return null;
    throw new RunStorageError(`${dir} holds no run: it has no run.json.`, {
      hint: 'Check the path. Leave out readOnly to begin a run there.',
    });
  }
  if (header.isFormer) return { header, reason: 'former-version' };
  if (requested) return { header, reason: 'requested' };
  return isWritable(dir) ? null : { header, reason: 'not-writable' };
}

/** Opens a run to replay it. Nothing is written, and nothing is locked. */
export function openReadOnly(dir: string, { header, reason }: ReadOnlyHeader, options: RunOptions): Run {
  const { seed, isFormer } = header;
  checkSeed(dir, seed, options.seed);
  const journal = new ReadOnlyJournal(join(dir, 'journal.sqlite'), (recovery) =>
    options.onEvent?.({ type: 'journal-recovered', ...recovery }),
  );
  try {
    const spent = journal.spending();
    const former = new FormerIds(isFormer ? spent : new Map());
    const served = new ServedModels({
      run: dir,
      before: isFormer ? { servers: former.addresses(), reported: {} } : header,
      stored: (id) => (isFormer ? former.count(id) : callsOf(spent, id)),
      sameModel: options.sameModel ?? false,
      save: async () => {},
    });
    const run = createReadOnlyRun({
      name: dir,
      dir,
      seed,
      reason,
      spent,
      answers: new StoredAnswers(journal, (model) => former.idsOf(model)),
      checkModel: (model) => served.check(model),
      checkEmbedder: (embedder) => served.checkEmbedder(embedder),
      close: () => journal.close(),
      concurrency: options.concurrency,
      prices: options.prices,
      onEvent: options.onEvent,
    });
    options.onEvent?.({ type: 'run-opened-read-only', dir, reason });
    return run;
  } catch (error) {
    journal.close();
    throw error;
  }
}

/** The files that a run writes to in place. Others are replaced. */
const WRITTEN = ['journal.sqlite', 'run.lock'] as const;

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    for (const name of WRITTEN) {
      if (existsSync(join(dir, name))) accessSync(join(dir, name), constants.W_OK);
    }
    return true;
  } catch {
    return false;
  }
}
