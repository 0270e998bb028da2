import { RunConflictError } from '../../errors.ts';
import type { ServerRecords } from '../served/known-servers.ts';

/**
 * Joins what two runs know of the servers of their models.
 *
 * @throws RunConflictError if a model was last called at different addresses: the weights there may differ.
 */
export function mergeServers(
  own: ServerRecords,
  other: ServerRecords,
  { into, from }: { readonly into: string; readonly from: string },
): ServerRecords {
  for (const [id, address] of Object.entries(other.servers)) {
    const known = own.servers[id];
    if (known === undefined || known === address) continue;
    throw new RunConflictError(
      `${id} was last called at ${known} in ${into}, and at ${address} in ${from}: these may be different weights.`,
      {
        hint: 'If they are the same, run the program once on one of the two with --same-model and the address of the other.',
      },
    );
  }
  const ids = [...new Set([...Object.keys(own.reported), ...Object.keys(other.reported)])];
  return {
    servers: { ...own.servers, ...other.servers },
    reported: Object.fromEntries(
      ids.map((id) => [id, [...new Set([...(own.reported[id] ?? []), ...(other.reported[id] ?? [])])]]),
    ),
  };
}
