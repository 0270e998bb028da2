import * as z from 'zod';
import type { ChatModel, ServedIdentity } from '../../models/chat-model.ts';
import { once } from '../calls/once.ts';
import type { Run } from '../run.ts';

/** How many answers one model gave, as its server describes it. */
export interface ServedCount {
  /** Id of the model that was asked. */
  readonly id: string;
  /** What its server says it is; `(others)` for all but the 32 most frequent names. Null if the server says nothing, and for a model in this process. */
  readonly model: string | null;
  /** The server's mark for weights and serving software; `(others)` as for `model`. Null if it gives none. */
  readonly fingerprint: string | null;
  /** Number of answers, replayed ones included. */
  readonly answers: number;
}

export const servedCountsSchema: z.ZodType<readonly ServedCount[]> = z.array(
  z.object({
    id: z.string(),
    model: z.string().nullable(),
    fingerprint: z.string().nullable(),
    answers: z.int().min(1),
  }),
);

/** Counts which served models answer. One tally per piece of work and role. */
export class ServedTally {
  readonly #counts = new Map<string, ServedCount>();

  /** The same run, with the answers of its models counted. A judge gets it in place of the run itself. */
  around(run: Run): Run {
    const model: Run['model'] = once((bare) => bare.mapModels?.(model) ?? this.#counting(run.model(bare)));
    return {
      dir: run.dir,
      seed: run.seed,
      get concurrency() {
        return run.concurrency;
      },
      readOnly: run.readOnly,
      model,
      embedder: (embedder) => run.embedder(embedder),
      seedFor: (place) => run.seedFor(place),
      stats: () => run.stats(),
      close: () => run.close(),
    };
  }

  /** Adds what another tally has counted. */
  add(counts: readonly ServedCount[]): void {
    for (const { answers, ...name } of counts) this.#add(name, answers);
  }

  /** In an order that depends only on what was counted. Rare names are summed up if there are many. */
  result(): ServedCount[] {
    const counts = sumUpRare(
      sumUpRare([...this.#counts.values()], 'model', ({ id }) => id),
      'fingerprint',
      ({ id, model }) => JSON.stringify([id, model]),
    );
    return [...Map.groupBy(counts, keyOf)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, same]) => ({ ...same[0]!, answers: sumAnswers(same) }));
  }

  #counting(model: ChatModel): ChatModel {
    return {
      id: model.id,
      // If a run is given this model, it wraps the inner one. Journaled twice, a call would wait for itself.
      mapModels: (wrap) => this.#counting(wrap(model)),
      generate: async (request, options) => {
        const response = await model.generate(request, options);
        this.#count(model.id, response.served);
        return response;
      },
    };
  }

  #count(id: string, served: ServedIdentity = {}): void {
    this.#add({ id, model: served.model ?? null, fingerprint: served.fingerprint ?? null }, 1);
  }

  #add(name: Omit<ServedCount, 'answers'>, answers: number): void {
    const key = keyOf(name);
    this.#counts.set(key, { ...name, answers: (this.#counts.get(key)?.answers ?? 0) + answers });
  }
}

/** Names that are told apart: models of an id, fingerprints of a model. Only a server that invents names has more. */
const MAX_NAMES = 32;

/** Stands for all other names. */
const OTHERS = '(others)';

/** Renames all but the most frequent names of each group, so that an invented name per answer does not fill a result. */
function sumUpRare(
  counts: readonly ServedCount[],
  field: 'model' | 'fingerprint',
  groupOf: (count: ServedCount) => string,
): ServedCount[] {
  return [...Map.groupBy(counts, groupOf).values()].flatMap((group) => {
    const byName = Map.groupBy(group, (count) => count[field]);
    byName.delete(null);
    const rare = [...byName]
      .map(([name, named]) => ({ name, answers: sumAnswers(named) }))
      .sort((a, b) => b.answers - a.answers || (a.name! < b.name! ? -1 : 1))
      .slice(MAX_NAMES);
    const isRare = new Set(rare.map(({ name }) => name));
    return group.map((count) => (isRare.has(count[field]) ? { ...count, [field]: OTHERS } : count));
  });
}

/** What the servers say they are, sorted. Empty if none says anything. */
export function namesServed(counts: readonly ServedCount[]): string[] {
  return [...new Set(counts.flatMap(({ model }) => model ?? []))].sort();
}

/** All answers together. */
export function sumAnswers(counts: readonly ServedCount[]): number {
  return counts.reduce((sum, { answers }) => sum + answers, 0);
}

function keyOf({ id, model, fingerprint }: Omit<ServedCount, 'answers'>): string {
  return JSON.stringify([id, model, fingerprint]);
}

/** The sum of several counts by role. */
export function sumByRole<Role extends string>(
  roles: readonly Role[],
  counts: Iterable<Readonly<Record<Role, readonly ServedCount[]>>>,
): Record<Role, ServedCount[]> {
  const tallies = roles.map((role) => [role, new ServedTally()] as const);
  for (const each of counts) for (const [role, tally] of tallies) tally.add(each[role]);
  return Object.fromEntries(tallies.map(([role, tally]) => [role, tally.result()])) as Record<
    Role,
    ServedCount[]
  >;
}

/** One tally per role, and the run as each role sees it. */
export function tallyByRole<Role extends string>(
  run: Run,
  roles: readonly Role[],
): { readonly runs: Readonly<Record<Role, Run>>; served(): Record<Role, ServedCount[]> } {
  const tallies = roles.map((role) => [role, new ServedTally()] as const);
  const each = <Value>(make: (tally: ServedTally) => Value) =>
    Object.fromEntries(tallies.map(([role, tally]) => [role, make(tally)])) as Record<Role, Value>;
  return { runs: each((tally) => tally.around(run)), served: () => each((tally) => tally.result()) };
}
