import type { ConversationTree, Side } from '../conversations/conversation-tree.ts';
import { turnNodes } from '../conversations/turn-nodes.ts';
import { VerdictTally, type VerificationSummary } from '../verification/verdict-tally.ts';
import { DROP_REASONS, type DropReason } from './drop-reasons.ts';
import { SIDES } from './drops.ts';
import { createLengthBiasCounter } from './length-bias.ts';
import { createLengthCounter } from './length-statistics.ts';
import type { FormatSummary, PreferenceManifest, SplitSummary } from './manifest.ts';
import type { PreferenceRecord } from './preference-record.ts';
import type { Split } from './split.ts';
import { createStyleGapCounter } from './style-gap.ts';
import { TeacherTally } from './teacher-tally.ts';

/** Counts conversations, and collects the models and prompts they come from. */
export class SourceTally {
  #conversations = 0;
  readonly #failed: string[] = [];
  #decisionPoints = 0;
  #siblings = 0;
  readonly #models = new NamesByRole();
  readonly #served = new NamesByRole();
  readonly #teachers = new TeacherTally();
  readonly #prompts = new NamesByRole();
  readonly #induction = new Set<string>();
  readonly #verdicts = new VerdictTally();
  readonly #splits: Record<Split, SplitTally> = { train: new SplitTally(), validation: new SplitTally() };

  add(
    tree: ConversationTree,
    split: Split,
    records: { readonly decisionPoints: number; readonly siblings: number },
  ): void {
    this.#conversations += 1;
    for (const { verdict } of turnNodes(tree.root)) if (verdict !== undefined) this.#verdicts.add(verdict);
    if (tree.failures.length > 0) this.#failed.push(tree.id);
    this.#decisionPoints += records.decisionPoints;
    this.#siblings += records.siblings;
    this.#splits[split].add(tree);
    const { models, served = {}, prompts, induction } = tree.provenance;
    this.#models.add({ ...models, ...this.#teachers.add(tree) });
    this.#served.add(served);
    this.#prompts.add(prompts);
    this.#induction.add(induction);
  }

  result(): Pick<PreferenceManifest, 'source' | 'splits'> {
    const teachers = this.#teachers.result();
    return {
      source: {
        conversations: this.#conversations,
        failedConversations: this.#failed.length,
        ...(this.#failed.length > 0 && { failed: this.#failed.toSorted() }),
        decisionPoints: this.#decisionPoints,
        ...(this.#siblings > 0 && { siblings: this.#siblings }),
        models: this.#models.result(),
        ...(this.#served.isEmpty() ? {} : { served: this.#served.result() }),
        ...(teachers && { teachers }),
        prompts: this.#prompts.result(),
        induction: [...this.#induction].sort(),
      },
      splits: { train: this.#splits.train.result(), validation: this.#splits.validation.result() },
    };
  }

  /** What judges said of the pairs. Null if none was asked. */
  verdicts(): VerificationSummary | null {
    const summary = this.#verdicts.result();
    return summary.pairs === 0 ? null : summary;
  }
}

class SplitTally {
  #conversations = 0;
  readonly #profiles = new Set<string>();
  readonly #personas = new Set<string>();

  add({ persona }: ConversationTree): void {
    this.#conversations += 1;
    this.#profiles.add(persona.profile.id);
    this.#personas.add(persona.id);
  }

  result(): SplitSummary {
    return {
      conversations: this.#conversations,
      profiles: this.#profiles.size,
      personas: this.#personas.size,
    };
  }
}

/** Counts what one kind of format keeps and drops, and measures the lengths of what it keeps. */
export class KindTally {
  #records = 0;
  readonly #drops = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<
    DropReason,
    number
  >;
  readonly #conversation = createLengthCounter();
  readonly #preferred = createLengthCounter();
  readonly #rejected = createLengthCounter();
  readonly #bias = createLengthBiasCounter();
  readonly #style = createStyleGapCounter();
  readonly #sides: readonly Side[];

  constructor(kind: FormatSummary['kind']) {
    this.#sides = SIDES[kind];
  }

  add(record: PreferenceRecord, dropped: DropReason | null): void {
    if (dropped !== null) {
      this.#drops[dropped] += 1;
      return;
    }
    this.#records += 1;
    this.#conversation.addMessages(record.conversation);
    if (this.#sides.includes('preferred')) this.#preferred.add(record.preferred);
    if (this.#sides.includes('rejected')) this.#rejected.add(record.rejected);
    if (this.#sides.length === 2) {
      this.#bias.add(record);
      this.#style.add(record);
    }
  }

  result(): Pick<FormatSummary, 'records' | 'drops' | 'lengths' | 'lengthBias' | 'styleGap'> {
    return {
      records: this.#records,
      drops: { ...this.#drops },
      lengths: {
        conversation: this.#conversation.result(),
        preferred: this.#preferred.result(),
        rejected: this.#rejected.result(),
      },
      lengthBias: this.#bias.result(),
      styleGap: this.#style.result(),
    };
  }
}

class NamesByRole {
  readonly #names = new Map<string, Set<string>>();

  add(names: Readonly<Record<string, string | readonly string[] | undefined>>): void {
    for (const [role, added = []] of Object.entries(names)) {
      const seen = this.#names.get(role) ?? new Set();
      for (const name of [added].flat()) seen.add(name);
      this.#names.set(role, seen);
    }
  }

  isEmpty(): boolean {
    return this.#names.size === 0;
  }

  result(): Record<string, string[]> {
    return Object.fromEntries([...this.#names].map(([role, seen]) => [role, [...seen].sort()]));
  }
}
