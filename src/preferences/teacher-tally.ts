import * as z from 'zod';
import { type ConversationTree, decisionPoints, type Side } from '../conversations/conversation-tree.ts';
import { SIDES } from '../conversations/side.ts';

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

/** The models that the responses of each side name. A side whose responses name none is left out. */
export function teachersOf(tree: ConversationTree): Partial<Record<Side, readonly string[]>> {
  const named = SIDES.map((side) => {
    const models = [...decisionPoints(tree)].flatMap(({ node }) => {
      const { model, candidates = [] } = node[side];
      return model === undefined ? [] : [model, ...candidates.map((other) => other.model)];
    });
    return [side, [...new Set(models)]] as const;
  });
  return Object.fromEntries(named.filter(([, models]) => models.length > 0));
}

type Counts = Map<string, { chosen: number; written: number }>;

/** Counts which models wrote the responses of trees that have several for a side. */
export class TeacherTally {
  readonly #counts: Readonly<Record<Side, Counts>> = { preferred: new Map(), rejected: new Map() };
  #hasSeveral = false;

  add(tree: ConversationTree): void {
    for (const { node } of decisionPoints(tree)) {
      for (const side of SIDES) {
        const { model, candidates = [] } = node[side];
        this.#hasSeveral ||= model !== undefined;
        this.#count(side, model ?? tree.provenance.models[side], true);
        for (const other of candidates) this.#count(side, other.model, false);
      }
    }
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
