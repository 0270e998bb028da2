import {
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from '../conversations/conversation-tree-builder.ts';
import { checkNumber } from '../internal/options.ts';
import { type Persona, pairPersona } from '../personas/persona.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import { storedAnswersOf } from '../runs/stored-answers.ts';
import type { VerifyPairsOptions } from '../verification/verify-options.ts';
import { verifyPairs } from '../verification/verify-pairs.ts';
import { type CallSum, type CountedCalls, countCalls, type DryRun, type Extent } from './dry-run.ts';
import { SAMPLE_SIZE, STORED_SAMPLE_SIZE, sampleOf, spread } from './sample.ts';
import type { Scenario } from './scenario.ts';

/** The options of a builder, and the personas to build for. */
export interface PlannedConversations extends ConversationTreeBuilderOptions {
  /** The personas to build for, or how many there will be. */
  readonly personas: readonly Persona[] | number;
  /** The options of `verifyPairs()`, if the pairs are verified. Default: they are not. */
  readonly verify?: VerifyPairsOptions | undefined;
}

/** Trees that continue from both responses are large: after this many calls, no further tree is played. */
const ENOUGH_CALLS = 500;
/** The same with a run that has answers, of which more trees have to be seen. Stored calls count too. */
const ENOUGH_STORED_CALLS = 10_000;

/** The calls of a builder. */
export async function playConversations(
  { personas, verify, ...options }: PlannedConversations,
  scenario: Scenario,
): Promise<CountedCalls> {
  const planned = typeof personas === 'number' ? personas : personas.length;
  checkNumber('conversations.personas', planned, { min: 0, integer: true });
  const hasAnswers = options.run !== undefined && storedAnswersOf(options.run) !== undefined;
  const people =
    typeof personas === 'number'
      ? likelyPersonas(personas, scenario)
      : spread(sampleOf(personas, hasAnswers ? STORED_SAMPLE_SIZE : SAMPLE_SIZE));
  const enough = hasAnswers ? ENOUGH_STORED_CALLS : ENOUGH_CALLS;
  async function play({ run, sums, rounds }: DryRun): Promise<Extent> {
    const builder = new ConversationTreeBuilder({ ...options, run, concurrency: 1, onEvent: undefined });
    let played = 0;
    const trees = builder.build(people);
    const settings = verify && { ...verify, run, concurrency: 1, onEvent: undefined, signal: undefined };
    for await (const _tree of settings === undefined ? trees : verifyPairs(trees, settings)) {
      played += 1;
      if (callsOf(sums()) >= enough) break;
    }
    // Played one after the other here, but in lock-step in the run.
    return played === 0
      ? { times: 0, rounds: 0 }
      : { times: planned / played, rounds: Math.ceil(rounds() / played) };
  }
  return countCalls(play, scenario, { real: options.run });
}

function callsOf(sums: readonly CallSum[]): number {
  return sums.reduce((sum, { calls, stored }) => sum + calls + stored, 0);
}

/** Shipped personas in place of those that will be grown. */
function likelyPersonas(count: number, { personaLength }: Scenario): Persona[] {
  function atLength<Entry>(entries: readonly Entry[]): Entry[] {
    const sorted = entries.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
    const start = Math.round(personaLength * (sorted.length - SAMPLE_SIZE));
    return sorted.slice(start, start + SAMPLE_SIZE);
  }
  const personalities = atLength(seedPersonalities);
  return atLength(seedProfiles)
    .map((profile, index) => pairPersona(profile, personalities[index]!))
    .slice(0, count);
}
