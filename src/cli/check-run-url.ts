import { InvalidOptionError } from '../errors.ts';
import { displayedPlace, isPostgresUrl } from '../runs/postgres-url.ts';

/** @throws InvalidOptionError if this is not the URL of a run in a database. */
export function checkRunUrl(run: string): void {
  if (isPostgresUrl(run)) return;
  throw new InvalidOptionError('run', 'postgres://host/database?run=NAME', displayedPlace(run));
}
