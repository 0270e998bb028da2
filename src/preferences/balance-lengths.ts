import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { removeLeftovers, temporaryName } from '../internal/leftovers.ts';
import { childSeed, sample, seededRandom } from '../internal/random.ts';
import { writeError } from '../internal/write-error.ts';
import { lengthDifference } from './length-bias.ts';
import { type ExportedRecord, readPreferenceRecords } from './preference-file.ts';
import type { Split } from './split.ts';

/** Options of {@link balanceLengths}. */
export interface BalanceOptions {
  readonly seed: number;
  /** Where the temporary file goes: a writable directory. */
  readonly dir: string;
}

/**
 * Drops pairs at random until length no longer predicts the preferred response. In each split, pairs are grouped by how
 * much their lengths differ (by powers of two). In each group, the preferred response is then the longer one as often as
 * the rejected one.
 *
 * Records are yielded only after the last one has arrived. Until then they are kept in a temporary file; memory grows by
 * one number per pair.
 */
export async function* balanceLengths(
  records: AsyncIterable<ExportedRecord>,
  { seed, dir }: BalanceOptions,
): AsyncGenerator<ExportedRecord> {
  const place = join(dir, 'balance-lengths.jsonl');
  await removeLeftovers(place);
  const path = temporaryName(place);
  const strata = new Map<string, Stratum>();
  let count = 0;

  async function* collect(): AsyncGenerator<string> {
    for await (const record of records) {
      if (record.dropped.pair === null) addPair(strata, record.split, lengthDifference(record), count);
      count += 1;
      yield `${JSON.stringify(record)}\n`;
    }
  }

  try {
    await pipeline(collect, createWriteStream(path, { flags: 'wx' })).catch((error: unknown) => {
      throw writeError(place, error);
    });
    const surplus = drawSurplus(strata, seed);
    let position = 0;
    for await (const record of readPreferenceRecords(path)) {
      yield surplus.has(position)
        ? { ...record, dropped: { ...record.dropped, pair: 'length-balance' } }
        : record;
      position += 1;
    }
  } finally {
    await rm(path, { force: true });
  }
}

/** One group of pairs, as positions in the file. */
interface Stratum {
  readonly preferredLonger: number[];
  readonly rejectedLonger: number[];
}

function addPair(strata: Map<string, Stratum>, split: Split, difference: number, place: number): void {
  if (difference === 0) return;
  const key = `${split}-${Math.floor(Math.log2(Math.abs(difference)))}`;
  const stratum = strata.get(key) ?? { preferredLonger: [], rejectedLonger: [] };
  strata.set(key, stratum);
  (difference > 0 ? stratum.preferredLonger : stratum.rejectedLonger).push(place);
}

function drawSurplus(strata: ReadonlyMap<string, Stratum>, seed: number): Set<number> {
  const surplus = new Set<number>();
  for (const [key, { preferredLonger, rejectedLonger }] of strata) {
    const more = preferredLonger.length > rejectedLonger.length ? preferredLonger : rejectedLonger;
    const random = seededRandom(childSeed(seed, 'balance-lengths', key));
    for (const place of sample(more, Math.abs(preferredLonger.length - rejectedLonger.length), random)) {
      surplus.add(place);
    }
  }
  return surplus;
}
