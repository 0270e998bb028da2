import { isIP } from 'node:net';
import { InvalidOptionError } from '../../errors.ts';
import { isThisMachine } from '../../http/this-machine.ts';
import { registerSecret } from '../../redact.ts';

/** Where a run is in a PostgreSQL database. */
export interface PostgresAddress {
  /** For people: without user, password and settings. */
  readonly name: string;
  /** Name of the run. */
  readonly run: string;
  /** The schema of the tables. */
  readonly schema: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  /** Undefined if PGPASSWORD or the password file is to be used. */
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly applicationName: string | undefined;
  /** Files of the encrypted connection, or null if it is not encrypted. */
  readonly tls: TlsFiles | null;
}

/** Paths to PEM files. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

const EXAMPLE = 'postgres://localhost/aloe?run=first';
const SETTINGS = ['run', 'schema', 'host', 'application_name', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
const PLAIN_MODES = ['disable', 'allow', 'prefer'];

/** Makes an error that names the option. */
type Refuse = (message: string, hint: string) => InvalidOptionError;

/**
 * Reads `postgres://user@host:5432/database?run=NAME`.
 *
 * @param option The option that the URL was given as, for errors. Default: they do not name one.
 * @throws InvalidOptionError if it is not such a URL, or the connection would not be safe. The message has no password.
 */
export function parsePostgresUrl(text: string, option?: string): PostgresAddress {
  const refuse: Refuse = (message, hint) =>
    new InvalidOptionError(option === undefined ? message : `Option "${option}": ${message}`, { hint });
  if (!/^postgres(ql)?:\/\//i.test(text) || !URL.canParse(text)) throw notValid(refuse);
  const url = new URL(text);
  registerSecret(url.password);
  const plain = (part: string) => decoded(part, refuse);
  registerSecret(plain(url.password));
  const setting = (name: string) => url.searchParams.get(name) ?? undefined;
  const host = (setting('host') ?? plain(url.hostname)) || process.env.PGHOST || 'localhost';
  const address = {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? undefined : Number(url.port),
    user: plain(url.username) || undefined,
    password: plain(url.password) || undefined,
    database: plain(url.pathname.slice(1)) || undefined,
    applicationName: setting('application_name'),
  };
  const where = describe(address);
  const unknown = [...url.searchParams.keys()].find((name) => !SETTINGS.includes(name));
  if (unknown !== undefined) {
    throw refuse(`${where} has the unknown setting "${unknown}".`, `Settings are ${SETTINGS.join(', ')}.`);
  }
  const run = setting('run');
  if (run === undefined || !isName(run)) {
    const problem = run === undefined ? 'names no run' : `has an invalid run name, ${JSON.stringify(run)}`;
    throw refuse(
      `${where} ${problem}.`,
      `Add ?run=NAME, for example ${where}?run=first. A name has 1 to 100 letters, digits and the characters . _ -`,
    );
  }
  const schema = setting('schema') ?? 'aloe';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw refuse(`${where} has an invalid schema, ${JSON.stringify(schema)}.`, 'Use a lower-case SQL name.');
  }
  const name = `${where}?run=${run}${schema === 'aloe' ? '' : `&schema=${schema}`}`;
  return { ...address, name, run, schema, tls: tlsOf(url.searchParams, address.host, { where, refuse }) };
}

/** The URL is not shown, since its password may be anywhere in it. */
function notValid(refuse: Refuse): InvalidOptionError {
  return refuse(
    'This is not a valid PostgreSQL URL.',
    `It looks like ${EXAMPLE}. In user name and password, write @ as %40, / as %2F, : as %3A and % as %25.`,
  );
}

function decoded(part: string, refuse: Refuse): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notValid(refuse);
  }
}

const isName = (run: string) => /^[\p{L}\p{N}._-]{1,100}$/u.test(run);

/** Without the user, which errors would remove as a secret. */
function describe({
  host,
  port,
  database = '',
}: Pick<PostgresAddress, 'host' | 'port' | 'database'>): string {
  const machine = host.startsWith('/') ? encodeURIComponent(host) : isIP(host) === 6 ? `[${host}]` : host;
  return `postgres://${machine}${port === undefined ? '' : `:${port}`}/${database}`;
}

/** @throws InvalidOptionError if answers and password would cross a network unprotected. */
function tlsOf(
  settings: URLSearchParams,
  host: string,
  { where, refuse }: { readonly where: string; readonly refuse: Refuse },
): TlsFiles | null {
  const file = (name: string) => settings.get(name) ?? undefined;
  const mode = settings.get('sslmode');
  if (mode === 'verify-full') {
    const ca = file('sslrootcert');
    return { ca: ca === 'system' ? undefined : ca, cert: file('sslcert'), key: file('sslkey') };
  }
  if ((host.startsWith('/') || isThisMachine(host)) && (mode === null || PLAIN_MODES.includes(mode)))
    return null;
  const problem =
    mode === null
      ? 'is another machine, and the connection would not be encrypted'
      : `has sslmode=${mode}, which does not check that the server is the right one`;
  throw refuse(
    `${where} ${problem}.`,
    'Add &sslmode=verify-full, and &sslrootcert=FILE if the server has a certificate authority of its own. Or forward a local port to it with ssh -L.',
  );
}
