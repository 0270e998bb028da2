import { costOfAccount } from '../spending/accounts.ts';
import type { Budget } from '../spending/ledger.ts';
import type { Price, Prices } from '../spending/prices.ts';
import type { Amount, InUse, SharedBooks, SpentByAccount } from '../spending/shared-books.ts';
import type { PostgresAddress } from './address.ts';
import type { Database, Transaction } from './database.ts';
import type { Others } from './others.ts';
import { runRemoved } from './run-row.ts';
import { readSpending } from './spending.ts';
import type { Beat, Worker } from './worker.ts';

/** What {@link Books} works on. */
export interface BooksOptions {
  readonly database: Database;
  readonly address: PostgresAddress;
  readonly run: number;
  readonly worker: Worker;
  readonly others: Others;
  readonly budget: Budget;
  readonly prices: Prices;
}

/** A process's row. */
interface Grant {
  readonly usd: number;
  readonly tokens: string;
  /** Number of changes. */
  readonly grants: number;
}

interface HeldGrant extends Grant {
  readonly id: string;
  /** Whether the grant still counts, and not only what was recorded. */
  readonly holds: boolean;
  /** Whether the process may give something back. */
  readonly open: boolean;
}

type Answer = { readonly granted: Grant } | 'later' | 'none';

/** A grant is this part of what is left, so that few are needed and the last of a budget is divided finely. */
const SHARE = 1 / 16;

/**
 * The budget of a run, in the database. Each process has a row with all it was granted, which counts as spent while it
 * lives and after it has closed the run. Of one that died, only what it recorded counts.
 */
export class Books implements SharedBooks {
  readonly #options: BooksOptions;
  readonly #prices: ReadonlyMap<string, Price>;
  #max: Amount;
  #granted: Amount;
  /** Number of changes to this process's row, by which a repeated change is recognised. */
  #grants = 0;
  /** Whether the row says that nothing is in flight. */
  #isSettled = true;
  #spent: Amount = { usd: 0, tokens: 0 };
  #inUse: () => InUse = () => ({ calls: 0, usd: 0, tokens: 0 });
  /** One change at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: BooksOptions) {
    this.#options = options;
    this.#prices = new Map(Object.entries(options.prices));
    this.#max = maxOf(options.budget);
    this.#granted = this.#limited(NOTHING);
    options.worker.onBeat((beat) => this.#follow(beat));
  }

  get granted(): Amount {
    return this.#granted;
  }

  follow(inUse: () => InUse): void {
    this.#inUse = inUse;
  }

  ask(need: Amount): Promise<'granted' | 'later' | 'none'> {
    const { database, worker } = this.#options;
    const before = this.#granted;
    return this.#inTurn(async () => {
      await worker.alive();
      // Another call has asked meanwhile, and it may be enough for both.
      if (this.#granted !== before) return 'granted';
      const answer = await database.transaction((transaction) => this.#grant(transaction, need));
      if (typeof answer === 'string') return answer;
      const { usd, tokens, grants } = answer.granted;
      this.#granted = this.#limited({ usd, tokens: Number(tokens) });
      this.#grants = grants;
      this.#isSettled = false;
      return 'granted';
    });
  }

  setBudget(budget: Budget): void {
    this.#max = maxOf(budget);
    this.#granted = this.#limited(this.#inUse());
  }

  spent(): Amount {
    return this.#spent;
  }

  others(): SpentByAccount {
    return this.#options.others.spent;
  }

  /** What this process has used. It counts for good, even where an answer could not be stored. */
  used(): Amount {
    return this.#inUse();
  }

  async #grant(transaction: Transaction, need: Amount): Promise<Answer> {
    const { address, run, worker } = this.#options;
    const { schema } = address;
    // One process at a time, since each grant depends on all others.
    await transaction.query(`SELECT FROM ${schema}.runs WHERE id = $1 FOR NO KEY UPDATE`, [run]);
    const workers = await transaction.query<HeldGrant>(
      `SELECT id, granted_usd AS usd, granted_tokens AS tokens, grants,
         closed_at IS NOT NULL OR lease_until > now() AS holds, lease_until > now() AND NOT settled AS open
       FROM ${schema}.workers WHERE run = $1`,
      [run],
    );
    const own = workers.find(({ id }) => id === worker.id);
    if (own === undefined) throw runRemoved(address);
    // A change was carried out and its answer was lost.
    if (own.grants > this.#grants) return { granted: own };
    const committed = await this.#committed(transaction, workers);
    const usd = partOf(need.usd, this.#max.usd - committed.usd);
    const tokens = partOf(need.tokens, this.#max.tokens - committed.tokens);
    const isThere = usd !== null && tokens !== null;
    const [granted] = await transaction.query<Grant>(
      `UPDATE ${schema}.workers SET granted_usd = granted_usd + $2, granted_tokens = granted_tokens + $3,
         grants = grants + $4, settled = settled AND NOT $5, needs = NOT $5
       WHERE id = $1 RETURNING granted_usd AS usd, granted_tokens AS tokens, grants`,
      [worker.id, isThere ? usd : 0, isThere ? Math.floor(tokens) : 0, isThere ? 1 : 0, isThere],
    );
    if (isThere) return { granted: granted! };
    return workers.some(({ id, open }) => open && id !== worker.id) ? 'later' : 'none';
  }

  /** What counts as spent: grants that hold, and what others recorded. */
  async #committed(transaction: Transaction, workers: readonly HeldGrant[]): Promise<Amount> {
    const { address, run } = this.#options;
    const recorded = new Map<string, Amount>();
    for (const { worker, model, usage } of await readSpending(transaction, address.schema, run)) {
      const amount = {
        usd: costOfAccount(model, usage, this.#prices) ?? 0,
        tokens: usage.inputTokens + usage.outputTokens,
      };
      recorded.set(worker, sumOf([recorded.get(worker) ?? NOTHING, amount]));
    }
    this.#spent = sumOf([...recorded.values()]);
    const committed = new Map(recorded);
    for (const { id, holds, usd, tokens } of workers) {
      const least = recorded.get(id) ?? NOTHING;
      if (!holds) continue;
      committed.set(id, { usd: Math.max(usd, least.usd), tokens: Math.max(Number(tokens), least.tokens) });
    }
    return sumOf([...committed.values()]);
  }

  /** Gives back what is not in use if others need it, or have it already because this process was taken for dead. */
  #follow({ lapsed, othersNeed }: Beat): void {
    const inUse = this.#inUse();
    const least = this.#limited(inUse);
    const isLoose = this.#granted.usd > least.usd || this.#granted.tokens > least.tokens;
    const isToSettle = inUse.calls === 0 && !this.#isSettled;
    if (!lapsed && !(othersNeed && (isLoose || isToSettle))) return;
    this.#granted = least;
    // If it fails, the next report tries again.
    this.#inTurn(() => this.#giveBack()).catch(() => {});
  }

  async #giveBack(): Promise<void> {
    const { database, address, worker } = this.#options;
    const { calls, usd, tokens } = this.#inUse();
    this.#granted = this.#limited({ usd, tokens });
    await database.query(
      `UPDATE ${address.schema}.workers SET granted_usd = $2, granted_tokens = $3, grants = $4, settled = $5
       WHERE id = $1 AND grants < $4`,
      [worker.id, usd, tokens, this.#grants + 1, calls === 0],
    );
    this.#grants += 1;
    this.#isSettled = calls === 0;
  }

  /** A budget in dollars does not limit tokens, nor the other way round. */
  #limited({ usd, tokens }: Amount): Amount {
    return {
      usd: this.#max.usd === Infinity ? Infinity : usd,
      tokens: this.#max.tokens === Infinity ? Infinity : tokens,
    };
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

const NOTHING: Amount = { usd: 0, tokens: 0 };

const maxOf = ({ usd = Infinity, tokens = Infinity }: Budget): Amount => ({ usd, tokens });

/** What to grant of the room that is left. Null if it is not enough. */
function partOf(need: number, room: number): number | null {
  if (room === Infinity) return 0;
  return need > room ? null : Math.max(0, need, room * SHARE);
}

function sumOf(amounts: readonly Amount[]): Amount {
  return amounts.reduce(
    (sum, { usd, tokens }) => ({ usd: sum.usd + usd, tokens: sum.tokens + tokens }),
    NOTHING,
  );
}
