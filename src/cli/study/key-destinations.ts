import { splitBaseUrls } from '../../config/base-urls.ts';
import type { AloeConfig } from '../../config/config.ts';
import { parseModelReference } from '../../config/model-reference.ts';
import { isThisMachine } from '../../http/this-machine.ts';
import { isPostgresUrl } from '../../runs/postgres-url.ts';

/** A key that a config sends to a server. */
export interface KeyDestination {
  /** The environment variable that holds the key. */
  readonly keyEnv: string;
  readonly host: string;
}

/** The servers beyond this machine that a config sends keys of the environment to, by addresses of its own. */
export function keyDestinations({ run, models = {}, evaluation }: AloeConfig): readonly KeyDestination[] {
  const candidates = (evaluation?.candidates ?? []).map((candidate) =>
    typeof candidate === 'object' ? candidate.model : undefined,
  );
  const keys = [...Object.values(models).flat(), ...candidates].flatMap((given) => {
    if (typeof given !== 'object' || !('keyEnv' in given) || given.keyEnv === undefined) return [];
    const { keyEnv } = given;
    return splitBaseUrls(given.baseUrl ?? urlInReference(given.model) ?? '').flatMap((url) => {
      if (!URL.canParse(url)) return [];
      const { host, hostname } = new URL(url);
      return isThisMachine(hostname) ? [] : [{ keyEnv, host }];
    });
  });
  return [...keys, ...databaseIn(run)];
}

/** A database is sent the password of the environment if its URL has none. */
function databaseIn(run: string | undefined): readonly KeyDestination[] {
  if (run === undefined || !isPostgresUrl(run) || !URL.canParse(run)) return [];
  const url = new URL(run);
  const host = url.searchParams.get('host') ?? url.hostname;
  const isHere = host === '' || host.startsWith('/') || isThisMachine(host);
  return url.password !== '' || isHere ? [] : [{ keyEnv: 'PGPASSWORD', host }];
}

function urlInReference(model: string): string | undefined {
  const reference = parseModelReference(model);
  return reference.kind === 'openai-compatible' ? reference.baseUrl : undefined;
}
