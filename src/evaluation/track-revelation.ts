import { type BenchmarkCase, personaAt, turnsOfChange } from '../benchmark/benchmark-case.ts';
import type { InductionVariables } from '../conversations/prompts/induction.ts';
import { induceStatements } from '../conversations/roles/inducer.ts';
import { endsRun } from '../internal/ends-run.ts';
import type { Message } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { Prompt } from '../models/prompt.ts';
import { statementsOf } from '../personas/persona.ts';
import { findToldStatements, messageWords } from '../personas/rules/told-statements.ts';
import type { Run } from '../runs/run.ts';

/** How to detect what users reveal: a model, or `words` to match the persona's own wording. */
export interface Induction {
  readonly by: ChatModel | 'words';
  readonly prompt: Prompt<InductionVariables> | undefined;
}

/** The same induction, with its model wrapped by a run. */
export function induceThrough(induction: Induction | undefined, run: Run): Induction | undefined {
  if (induction === undefined || induction.by === 'words') return induction;
  return { ...induction, by: run.model(induction.by) };
}

export interface RevelationSetting {
  readonly run: Run;
  readonly induction: Induction | undefined;
  readonly placeOf: (role: string, turn: number) => CallPlace;
  /** What the calls of the simulation are about, whoever the candidate is. */
  readonly subject: string;
  readonly signal: AbortSignal;
}

/** Tracks what the user of one case reveals, turn by turn. */
export interface RevelationTracker {
  /** Ids of the statements revealed up to the last message of the conversation; undefined without an inducer. */
  at(turn: number, conversation: readonly Message[]): Promise<readonly string[] | undefined>;
}

/**
 * Tracks what a user reveals. The set only grows, except that a drift or a new situation removes
 * statements that no longer hold; from then on only messages since the change count. If the inducer fails, a turn adds nothing.
 */
export function trackRevelation(benchmarkCase: BenchmarkCase, setting: RevelationSetting): RevelationTracker {
  const { run, induction, placeOf, subject, signal } = setting;
  const changes = turnsOfChange(benchmarkCase);
  let known: readonly string[] = [];
  let start = 0;

  return {
    async at(turn, conversation) {
      if (induction === undefined) return undefined;
      const traits = statementsOf(personaAt(benchmarkCase, turn));
      if (turn > 1 && changes.includes(turn)) {
        const former = statementsOf(personaAt(benchmarkCase, turn - 1));
        const before = new Map(former.map(({ id, text }) => [id, text]));
        known = traits
          .filter(({ id, text }) => known.includes(id) && before.get(id) === text)
          .map(({ id }) => id);
        start = conversation.length - 1;
      }
      if (induction.by === 'words') {
        const told = findToldStatements([messageWords(conversation.at(-1)!)], traits);
        known = traits.map(({ id }) => id).filter((id) => known.includes(id) || told.includes(id));
        return known;
      }
      try {
        known = await induceStatements(induction.by, {
          statements: traits,
          known,
          conversation: conversation.slice(start),
          place: placeOf('inducer', turn),
          seedFor: (place) => run.seedFor({ ...place, subject }),
          prompt: induction.prompt,
          signal,
        });
      } catch (error) {
        signal.throwIfAborted();
        if (endsRun(error)) throw error;
      }
      return known;
    },
  };
}
