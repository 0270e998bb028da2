import { type BenchmarkCase, personaAt } from '../benchmark/benchmark-case.ts';
import type { InductionVariables } from '../conversations/prompts/induction.ts';
import { induceTraits } from '../conversations/roles/inducer.ts';
import { endsRun } from '../internal/ends-run.ts';
import type { Message } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { Prompt } from '../models/prompt.ts';
import { numberStatements } from '../personas/persona.ts';
import { findToldTraits } from '../personas/rules/told-statements.ts';
import type { Run } from '../runs/run.ts';

/** Who says what users have revealed: a model, or `words` for what they tell in the persona's own words. */
export interface Induction {
  readonly by: ChatModel | 'words';
  readonly prompt: Prompt<InductionVariables> | undefined;
}

export interface RevelationSetting {
  readonly run: Run;
  readonly induction: Induction | undefined;
  readonly placeOf: (role: string, turn: number) => CallPlace;
  readonly signal: AbortSignal;
}

/** What the user of one case has revealed, asked turn by turn. */
export interface RevelationTracker {
  /** Ids of what is revealed by the last message of the conversation; undefined when nobody is asked. */
  at(turn: number, conversation: readonly Message[]): Promise<readonly string[] | undefined>;
}

/**
 * Follows what a user reveals. It only grows; a drift takes back what is not true of the changed user, and from there on
 * only words of the changed user count. Where the inducer fails, nothing is added at that turn.
 */
export function trackRevelation(benchmarkCase: BenchmarkCase, setting: RevelationSetting): RevelationTracker {
  const { run, induction, placeOf, signal } = setting;
  const { id: caseId, drift } = benchmarkCase;
  let known: readonly string[] = [];
  let start = 0;

  return {
    async at(turn, conversation) {
      if (induction === undefined) return undefined;
      const traits = numberStatements(personaAt(benchmarkCase, turn));
      if (turn === drift?.turn) {
        const before = new Map(numberStatements(benchmarkCase.persona).map(({ id, text }) => [id, text]));
        known = traits
          .filter(({ id, text }) => known.includes(id) && before.get(id) === text)
          .map(({ id }) => id);
        start = conversation.length - 1;
      }
      if (induction.by === 'words') {
        const told = findToldTraits(conversation.at(-1)!.content, traits);
        known = traits.map(({ id }) => id).filter((id) => known.includes(id) || told.includes(id));
        return known;
      }
      try {
        known = await induceTraits(induction.by, {
          traits,
          known,
          conversation: conversation.slice(start),
          place: placeOf('inducer', turn),
          seedFor: (place) => run.seedFor({ ...place, subject: caseId }),
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
