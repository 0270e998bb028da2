import { type BenchmarkCase, caseAt, personaAt, situationAt, userOf } from '../benchmark/benchmark-case.ts';
import type { Habit } from '../conversations/behaviour/habits.ts';
import type { ConversationFailure } from '../conversations/conversation-tree.ts';
import { toFailure } from '../conversations/failures.ts';
import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { lastTurns } from '../conversations/last-turns.ts';
import type { RolePlayerVariables } from '../conversations/prompts/role-player.ts';
import { type PlayedMessage, playUser } from '../conversations/roles/role-player.ts';
import type { CheckedUserCheckOptions } from '../conversations/user-checks/user-check-options.ts';
import { type AskedMessage, failedMessage } from '../conversations/user-checks/user-check-rates.ts';
import { endsRun } from '../internal/ends-run.ts';
import { type Message, user } from '../messages.ts';
import { mean } from '../metrics/mean.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { Prompt } from '../models/prompt.ts';
import type { Run, RunWork } from '../runs/run.ts';
import { askCandidate, type CandidateReply, type CandidateSetting } from './ask-candidate.ts';
import { checkHabits } from './check-habits.ts';
import type { CheckedCostOptions } from './costs/cost-options.ts';
import { type PlayedCase, probeCase } from './costs/probe-case.ts';
import type { EvaluatedCase, EvaluatedTurn } from './evaluated-case.ts';
import type { EvaluationEvent } from './evaluation-events.ts';
import type { Judge } from './judge.ts';
import { evaluationPlace, judgeTurn, spoken } from './judged-turn.ts';
import { simulationSubject } from './repeats.ts';
import type { ShownTurns } from './shown-turns.ts';
import { type Induction, trackRevelation } from './track-revelation.ts';

/** A case to play, and which of its simulations. */
export interface Simulation {
  readonly benchmarkCase: BenchmarkCase;
  /** From 1. */
  readonly repeat: number;
}

/** A simulation as a piece of work of its run. */
export function caseWork({ benchmarkCase, repeat }: Simulation, candidate: string): RunWork<EvaluatedCase> {
  const { id, persona } = benchmarkCase;
  return {
    kind: 'case',
    subject: { caseId: id, repeat, candidate, personaId: persona.id },
    outcome: ({ turns, failure }) => ({
      turns: turns.length,
      average: mean(turns.map(({ judgement }) => judgement.score)) ?? undefined,
      failureCode: failure?.code,
    }),
  };
}

/** What the cases of one evaluation share. Its models already go through the run. */
export interface CaseSetting extends CandidateSetting {
  readonly user: ChatModel;
  readonly userPrompt: Prompt<RolePlayerVariables>;
  readonly judge: Judge;
  /** Passed to the judge. */
  readonly judgeRun: Run;
  /** By case id: the case whose persona the responses are also judged for. */
  readonly others: ReadonlyMap<string, BenchmarkCase>;
  /** How to detect what users reveal; undefined to skip it. */
  readonly induction: Induction | undefined;
  readonly turns: number;
  readonly attempts: number;
  readonly userChecks: CheckedUserCheckOptions;
  readonly shownTurns: ShownTurns;
  readonly userMessages: GenerationSettings;
  /** What to ask after the last turn to measure the costs of alignment; null for nothing. */
  readonly costs: CheckedCostOptions | null;
  /** What to ask about the user after the last turn, and whom; null for nothing. */
  readonly habits: { readonly model: ChatModel; readonly habits: readonly Habit[] } | null;
  /** Called for each user message, also those that were never completed or got no response. */
  readonly onUserMessage: (asked: AskedMessage) => void;
  readonly onEvent: (event: EvaluationEvent) => void;
}

/**
 * Plays one simulation of a case. At each turn the simulated user writes a message, the candidate answers and the judge rates the
 * response. What the user revealed is detected while the candidate answers, and the response is judged while the user
 * writes the next message. A response that says nothing scores 1 and the conversation goes on. If the user's or the
 * candidate's call fails, the case ends and keeps the turns played so far. What is asked after the last turn to measure the
 * costs of alignment is no part of the conversation.
 */
export async function playCase(
  { benchmarkCase, repeat }: Simulation,
  setting: CaseSetting,
): Promise<EvaluatedCase> {
  const { run, candidate, judge, judgeRun, turns, shownTurns, onEvent, signal } = setting;
  const { id: caseId, persona, drift, task, habits } = benchmarkCase;
  const subject = simulationSubject(caseId, repeat);
  const ofThis = { candidate: candidate.name, caseId, repeat };
  const other = setting.others.get(caseId);
  const conversation: Message[] = [];
  const played: EvaluatedTurn[] = [];
  let failure: ConversationFailure | undefined;

  const placeOf = (role: string, turn: number): CallPlace =>
    evaluationPlace(subject, candidate.name, role, turn);
  const revelation = trackRevelation(benchmarkCase, { ...setting, placeOf, subject });

  async function attempt<Value>(
    role: 'user' | 'candidate',
    turn: number,
    call: () => Promise<Value>,
  ): Promise<Value | null> {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (endsRun(error)) throw error;
      failure = toFailure(turn, role, error);
      return null;
    }
  }

  async function speak(turn: number): Promise<PlayedMessage | null> {
    const message = await attempt('user', turn, () =>
      playUser(setting.user, {
        ...setting.userMessages,
        persona: personaAt(benchmarkCase, turn),
        former: drift !== undefined && turn >= drift.turn ? persona : undefined,
        task,
        habits: habits?.map(({ text }) => text),
        situation: situationAt(benchmarkCase, turn)?.text,
        conversation: [...conversation],
        // Minus one: the user has not written this turn's message yet.
        shownTurns: shownTurns.user - 1,
        prompt: setting.userPrompt,
        attempts: setting.attempts,
        checks: setting.userChecks,
        // No candidate has said anything yet, so all of them share the first message, and it is asked for once.
        place: turn === 1 ? { task: 'evaluation', subject, turn, role: 'user' } : placeOf('user', turn),
        // The candidate is left out, so that every candidate meets the same user.
        seedFor: (place) => run.seedFor({ ...place, subject }),
        signal,
      }),
    );
    setting.onUserMessage(message ?? failedMessage(failure ?? {}));
    return message;
  }

  const respond = (turn: number): Promise<CandidateReply | null> =>
    attempt('candidate', turn, () => {
      const shown = lastTurns([...conversation], shownTurns.candidate);
      return askCandidate(setting, {
        conversation: shown,
        case: caseAt(benchmarkCase, turn),
        placeOf: (step) => placeOf(step === undefined ? 'candidate' : `candidate:${step}`, turn),
      });
    });

  onEvent({ type: 'case-start', ...ofThis });
  let message = await speak(1);
  for (let turn = 1; message !== null; turn++) {
    const { text, checks } = message;
    conversation.push(user(text));
    const [reply, revealed] = await Promise.all([respond(turn), revelation.at(turn, [...conversation])]);
    if (reply === null) break;
    const { response, truncated, warning, silence } = reply;
    const input = {
      benchmarkCase,
      subject,
      other,
      candidate: candidate.name,
      turn,
      conversation: [...conversation],
      response,
      silence,
    };
    conversation.push(spoken(response));
    const [judged, next] = await Promise.all([
      judgeTurn(input, { judge, run: judgeRun, signal }),
      turn < turns ? speak(turn + 1) : null,
    ]);
    played.push({
      turn,
      user: text,
      response,
      ...(truncated && { truncated }),
      ...(warning !== undefined && { warning }),
      ...judged,
      ...(checks !== undefined && { checks }),
      ...(revealed !== undefined && { revealed }),
    });
    const { score, status } = judged.judgement;
    onEvent({ type: 'turn-end', ...ofThis, turn, score, status });
    message = next;
  }
  const afterwards = await askAfterwards(
    { benchmarkCase, subject, turns: played, conversation, isWhole: failure === undefined },
    setting,
  );
  const whole: EvaluatedCase = {
    caseId,
    repeat,
    ...userOf(benchmarkCase),
    ...(other !== undefined && { otherCase: other.id }),
    turns: played,
    ...afterwards,
    ...(failure !== undefined && { failure }),
  };
  onEvent({ type: 'case-end', ...ofThis, failure, played: whole });
  return whole;
}

/** Asks what is measured once the conversation has ended: what alignment cost, and which habits the user showed. */
async function askAfterwards(
  played: PlayedCase,
  setting: CaseSetting,
): Promise<Pick<EvaluatedCase, 'habitsShown' | 'costs'>> {
  const { run, candidate, costs, habits, signal } = setting;
  const { subject, turns, conversation } = played;
  const [measured, habitsShown] = await Promise.all([
    costs === null ? undefined : probeCase(played, { ...setting, costs }),
    habits === null || turns.length === 0
      ? undefined
      : checkHabits(habits.model, {
          habits: habits.habits,
          conversation,
          place: evaluationPlace(subject, candidate.name, 'habits', turns.length),
          run,
          signal,
        }),
  ]);
  return {
    ...(habitsShown !== undefined && { habitsShown }),
    ...(measured !== undefined && { costs: measured }),
  };
}
