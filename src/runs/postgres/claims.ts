import { setImmediate } from 'node:timers/promises';
import { sleep } from '../../internal/sleep.ts';
import { orAborted } from '../../internal/until-aborted.ts';
import type { Claim } from '../run-store.ts';
import type { PostgresAddress } from './address.ts';
import type { Database } from './database.ts';
import type { StoredCalls } from './stored-calls.ts';
import type { Worker } from './worker.ts';

/** What {@link Claims} works on. */
export interface ClaimsOptions {
  readonly database: Database;
  readonly address: PostgresAddress;
  readonly run: number;
  readonly worker: Worker;
  readonly stored: StoredCalls;
}

interface Pending {
  readonly key: string;
  readonly resolve: (claim: Claim) => void;
  readonly reject: (error: unknown) => void;
}

/** How often a process asks for the calls that other processes make. */
const POLL_MS = 250;

/**
 * Who makes which call, so that the processes of a run do not pay twice for the same one. A claim holds while its process
 * is alive, and ends with the commit of its call.
 */
export class Claims {
  readonly #options: ClaimsOptions;
  #pending: Pending[] = [];
  #nextPoll: Promise<void> | undefined;

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** Claims a call. Many are claimed at a time. */
  claim(key: string): Promise<Claim> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ key, resolve, reject });
      if (this.#pending.length === 1) void this.#claimAll();
    });
  }

  /** All calls that wait ask together. */
  #poll(): Promise<void> {
    this.#nextPoll ??= sleep(POLL_MS).then(() => {
      this.#nextPoll = undefined;
    });
    return this.#nextPoll;
  }

  async #claimAll(): Promise<void> {
    await setImmediate();
    const pending = this.#pending;
    this.#pending = [];
    try {
      const { database, address, run, worker, stored } = this.#options;
      const { schema } = address;
      // In the order of their keys, or two processes with the same keys would lock each other out.
      const keys = [...new Set(pending.map(({ key }) => key))].sort();
      const claimed = await database.query<{ key: string }>(
        `INSERT INTO ${schema}.claims AS c (run, key, worker) SELECT $1, key, $2 FROM unnest($3::text[]) AS key
         ON CONFLICT (run, key) DO UPDATE SET worker = excluded.worker
           WHERE c.worker = excluded.worker
             OR NOT EXISTS (SELECT FROM ${schema}.workers w WHERE w.id = c.worker AND w.lease_until > now())
         RETURNING key`,
        [run, worker.id, keys],
      );
      const mine = new Set(claimed.map(({ key }) => key));
      // In a statement of its own, which sees what was stored until the claim was ours.
      const there = new Map((await stored.byKey(keys)).map(({ key, value }) => [key, value]));
      const needless = keys.filter((key) => mine.has(key) && there.has(key));
      if (needless.length > 0) await this.#release(needless);
      for (const { key, resolve } of pending) {
        const value = there.get(key);
        if (value !== undefined) resolve({ stored: value });
        else if (mine.has(key)) resolve({ release: () => this.#release([key]) });
        else resolve({ retry: (signal) => orAborted(this.#poll(), signal) });
      }
    } catch (error) {
      for (const { reject } of pending) reject(error);
    }
  }

  async #release(keys: readonly string[]): Promise<void> {
    const { database, address, run, worker } = this.#options;
    await database.query(
      `DELETE FROM ${address.schema}.claims WHERE run = $1 AND worker = $2 AND key = ANY ($3)`,
      [run, worker.id, keys],
    );
  }
}
