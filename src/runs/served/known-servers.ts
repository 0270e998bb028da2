/** What `run.json` keeps of served models, by model id. */
export interface ServerRecords {
  /** Where each was last called. */
  readonly servers: Readonly<Record<string, string>>;
  /** What its server said it was, answer by answer. Null stands for answers that did not say. */
  readonly reported: Readonly<Record<string, readonly (string | null)[]>>;
}

/** Names kept per model id. Only a router, or a server that invents names, has more. */
const MAX_REPORTED = 32;

/** Where served models were called and what they said they were. What is kept is written before the answer it belongs to. */
export class KnownServers {
  readonly #servers: Map<string, string>;
  readonly #reported: Map<string, readonly (string | null)[]>;
  readonly #write: (records: ServerRecords) => Promise<void>;
  /** Models of which something is not written, and no write has begun. */
  readonly #unwritten = new Set<string>();
  /** The last write for each model, finished or not. */
  readonly #writes = new Map<string, Promise<void>>();
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(before: ServerRecords, write: (records: ServerRecords) => Promise<void>) {
    this.#servers = new Map(Object.entries(before.servers));
    this.#reported = new Map(Object.entries(before.reported));
    this.#write = write;
  }

  address(id: string): string | undefined {
    return this.#servers.get(id);
  }

  /** Resolves once the address is written. */
  async keepAddress(id: string, address: string): Promise<void> {
    if (this.#servers.get(id) !== address) {
      this.#servers.set(id, address);
      this.#unwritten.add(id);
    }
    await this.#written(id);
  }

  /** Resolves once the name is written. */
  async keepReported(id: string, name: string | null): Promise<void> {
    const known = this.#reported.get(id) ?? [];
    if (!known.includes(name) && known.length < MAX_REPORTED) {
      this.#reported.set(id, [...known, name]);
      this.#unwritten.add(id);
    }
    await this.#written(id);
  }

  /** Writes one after the other. If one fails, the model's next call writes again. */
  async #written(id: string): Promise<void> {
    if (this.#unwritten.delete(id)) {
      const write = this.#lastWrite.then(() =>
        this.#write({
          servers: Object.fromEntries(this.#servers),
          reported: Object.fromEntries(this.#reported),
        }),
      );
      this.#writes.set(id, write);
      this.#lastWrite = write.catch(() => void this.#unwritten.add(id));
    }
    await this.#writes.get(id);
  }
}
