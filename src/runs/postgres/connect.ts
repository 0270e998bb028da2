import type { RunEvent } from '../events.ts';
import type { PostgresAddress } from './address.ts';
import { Database } from './database.ts';

/** Connects, and tells the listener of outages. @throws RunStorageError, MissingPackageError if that is not possible. */
export function connect(
  address: PostgresAddress,
  onEvent: (event: RunEvent) => void = () => {},
): Promise<Database> {
  const { name } = address;
  return Database.create(
    address,
    {
      away: (error, sinceMs) => onEvent({ type: 'database-away', run: name, error, sinceMs }),
      back: (sinceMs) => onEvent({ type: 'database-back', run: name, sinceMs }),
    },
    `openRun('postgres://...')`,
  );
}
