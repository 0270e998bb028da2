import { RunStorageError } from '../../errors.ts';
import { messageOf } from '../../internal/message-of.ts';
import type { PostgresAddress } from './address.ts';

/** Errors of the operating system and of `pg` that mean a connection was lost or could not be made. */
const LOST =
  /^(E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|AI_AGAIN)|ENOTFOUND)$/;
const LOST_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|Client was closed)|not queryable|socket hang up/;

/** The SQLSTATE, or the error code of the operating system. */
function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** Whether the database cannot be reached, is starting or stopping, or has no room: no connection, memory or disk left. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08...|57P0[123]|53...)$/.test(code) || LOST.test(code)) return true;
  // A host with several addresses fails with all of their errors.
  if (error instanceof AggregateError) return error.errors.every(isAway);
  return error instanceof Error && LOST_MESSAGE.test(error.message);
}

/** Whether the same statement may succeed later. It may also have been carried out: every statement must be repeatable. */
export function mayPass(error: unknown): boolean {
  return isAway(error) || /^(40|55P03|57014)/.test(codeOf(error));
}

/** What to do about errors that do not pass, by SQLSTATE. */
const HINTS: Readonly<Record<string, string>> = {
  '28P01': 'Check user name and password. The password is read from PGPASSWORD, ~/.pgpass or the URL.',
  '28000': 'Check the user name, and whether pg_hba.conf lets it connect from here.',
  '3D000': 'Create the database first, for example with createdb.',
  '42501':
    'Open the run once as the owner of the database, then grant this role USAGE on the schema and SELECT, INSERT, UPDATE and DELETE on its tables. To replay it, SELECT and readOnly are enough.',
  '25006':
    'This is a copy that can only be read. Give the address of the primary server, or open the run with readOnly.',
  '53100': 'Free disk space on the server. Saved calls are safe.',
  '53300': 'Close other connections, or raise max_connections on the server.',
  '42P07': 'The schema has tables of another program. Use another one: &schema=NAME.',
  '42P01': 'The tables were removed while the run was open. Open it again.',
};

const AWAY_HINT =
  'Check host and port, and that the server is running and accepts connections from this machine.';

/** The error for a database that refuses, or does not come back in time. */
export function storageFailure({ name }: PostgresAddress, cause: unknown): RunStorageError {
  const message = messageOf(cause instanceof AggregateError ? cause.errors[0] : cause);
  const problem = isAway(cause) && !codeOf(cause).startsWith('53') ? 'cannot be reached' : 'refuses';
  const noPassword = /password must be a string|no password supplied/.test(message);
  const hint =
    HINTS[noPassword ? '28P01' : codeOf(cause)] ??
    (isAway(cause) ? AWAY_HINT : 'Saved calls are safe. Run the program again to resume.');
  return new RunStorageError(
    `The database of ${name} ${problem} (${noPassword ? 'it wants a password' : message}).`,
    {
      hint,
      cause,
    },
  );
}
