import { connectionPool } from '../../http/connection-pool.ts';
import { sendRequest } from '../../http/send-request.ts';
import type { JsonEndpoint } from '../post-json.ts';
import { SlotTable } from './slot-table.ts';

/** Asking for the number of slots is no reason to wait. */
const TIMEOUT_MS = 10_000;

/** By the server's address: all models of a server share its slots. */
const tables = new Map<string, Promise<SlotTable>>();

/** The slots of a llama.cpp server. Empty if it does not say how many it has; it then picks them by itself. */
export function slotsOf(endpoint: JsonEndpoint): Promise<SlotTable> {
  const { origin, pathname } = endpoint.url;
  // Its own API stands beside that of OpenAI, which begins with /v1.
  const path = pathname.replace(/(?:\/v1)?\/chat\/completions$/, '/props');
  const table = tables.get(origin + path) ?? countSlots(endpoint, path).then((count) => new SlotTable(count));
  tables.set(origin + path, table);
  return table;
}

async function countSlots({ url, headers, maxSockets }: JsonEndpoint, path: string): Promise<number> {
  try {
    const { status, text } = await sendRequest(connectionPool(url.origin, { maxSockets }), {
      origin: url.origin,
      path,
      method: 'GET',
      headers,
      body: null,
      timeoutMs: TIMEOUT_MS,
    });
    const { total_slots: count } = JSON.parse(status === 200 ? text : '{}') as { total_slots?: unknown };
    return Number.isInteger(count) && (count as number) > 0 ? Math.min(count as number, MOST_SLOTS) : 0;
  } catch {
    return 0;
  }
}

/** More than any server has. */
const MOST_SLOTS = 4_096;
