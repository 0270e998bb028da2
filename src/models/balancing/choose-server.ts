import type { CallPlace } from '../place.ts';
import { promptKey } from '../prompt-key.ts';
import { rendezvousOrder } from './rendezvous.ts';
import type { ServerState } from './server-state.ts';

/** A server may have this many times the mean of outstanding calls before conversations move away from it. */
const CLEARLY_MORE = 1.25;

/**
 * Chooses the server of a call. A server that is away gets a probe when one is due. Else calls that extend the same prompt
 * go to the same server, whose prefix cache has it, unless that server has clearly more outstanding calls than the others.
 * A server that only refuses calls gets none while another one is present. Calls without a place go where the fewest calls are outstanding.
 *
 * @param servers Those that this call has not tried.
 * @returns undefined if none may be asked now.
 */
export function chooseServer(
  servers: readonly ServerState[],
  place: CallPlace | undefined,
  now: number,
): ServerState | undefined {
  const away = servers.find((server) => server.isProbeDue(now));
  if (away !== undefined) return away;
  const reachable = servers.filter(({ isAway }) => !isAway);
  const accepting = reachable.filter((server) => !server.isAvoided(now));
  const present = accepting.length > 0 ? accepting : reachable;
  if (present.length < 2) return present[0];
  if (place === undefined) return leastLoaded(present);
  const total = present.reduce((sum, { outstanding }) => sum + outstanding, 1);
  const most = Math.ceil((CLEARLY_MORE * total) / present.length);
  const order = rendezvousOrder(
    promptKey(place),
    present.map(({ name }) => name),
  );
  return order.map((index) => present[index]!).find(({ outstanding }) => outstanding < most);
}

function leastLoaded(servers: readonly ServerState[]): ServerState {
  return servers.reduce((least, server) => (server.outstanding < least.outstanding ? server : least));
}
