import * as z from 'zod';
import type { ConversationTree, Side } from '../conversations/conversation-tree.ts';
import { SIDES } from '../conversations/side.ts';
import { turnNodes } from '../conversations/turn-nodes.ts';

/** How much of a side one of several models wrote. */
export interface TeacherShare {
  /** Id of the model. */
  readonly model: string;
  /** Responses of this model in the pairs. */
  readonly chosen: number;
  /** Responses that it wrote, those that were not chosen included. */
  readonly written: number;
  /** Its part of all responses in the pairs, 0 to 1. */
  readonly share: number;
}

/** The models that wrote each side, most chosen first. */
export type TeacherShares = Readonly<Record<Side, readonly TeacherShare[]>>;

const sharesSchema: z.ZodType<readonly TeacherShare[]> = z.array(
  z.object({
    model: z.string(),
    chosen: z.int().min(0),
    written: z.int().min(0),
    share: z.number().min(0).max(1),
  }),
);

export const teacherSharesSchema: z.ZodType<TeacherShares> = z.object({
  preferred: sharesSchema,
  rejected: sharesSchema,
});

type Counts = Map<string, { chosen: number; written: number }>;

/** Counts which models wrote the responses of trees that have several for a side. */
export class TeacherTally {
  readonly #counts: Readonly<Record<Side, Counts>> = { preferred: new Map(), rejected: new Map() };
  #hasSeveral = false;

  /** Returns the models that the responses of each side name. A side whose responses name none is left out. */
  add({ root, provenance }: ConversationTree): Partial<Record<Side, readonly string[]>> {
    const named = { preferred: new Set<string>(), rejected: new Set<string>() };
    for (const node of turnNodes(root)) {
      for (const side of SIDES) {
        const { model, alternatives = [] } = node[side];
        this.#count(side, model ?? provenance.models[side], true);
        for (const other of alternatives) this.#count(side, other.model, false);
        if (model !== undefined)
          for (const name of [model, ...alternatives.map((other) => other.model)]) named[side].add(name);
      }
    }
    const sides = SIDES.filter((side) => named[side].size > 0);
    this.#hasSeveral ||= sides.length > 0;
    return Object.fromEntries(sides.map((side) => [side, [...named[side]]]));
  }

  /** Undefined if no side had several models. */
  result(): TeacherShares | undefined {
    if (!this.#hasSeveral) return undefined;
    return { preferred: sharesOf(this.#counts.preferred), rejected: sharesOf(this.#counts.rejected) };
  }

  #count(side: Side, model: string, isChosen: boolean): void {
    const { chosen, written } = this.#counts[side].get(model) ?? { chosen: 0, written: 0 };
    this.#counts[side].set(model, { chosen: chosen + Number(isChosen), written: written + 1 });
  }
}

function sharesOf(counts: Counts): TeacherShare[] {
  const all = [...counts.values()].reduce((sum, { chosen }) => sum + chosen, 0);
  return [...counts]
    .map(([model, { chosen, written }]) => ({ model, chosen, written, share: chosen / all }))
    .sort((a, b) => b.chosen - a.chosen || (a.model < b.model ? -1 : 1));
}
