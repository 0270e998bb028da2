import type { ConversationFailure } from '../conversations/conversation-tree.ts';
import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { playUser } from '../conversations/roles/role-player.ts';
import { describeError } from '../internal/describe-error.ts';
import { endsRun } from '../internal/ends-run.ts';
import { assistant, type Message, user } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { RolePlayerVariables } from '../prompts/role-player.ts';
import type { CallPlace } from '../runs/place.ts';
import type { Run } from '../runs/run.ts';
import type { BenchmarkCase } from './benchmark-case.ts';
import type { Candidate } from './candidate.ts';
import type { EvaluationEvent } from './evaluation-events.ts';
import type { EvaluatedCase, EvaluatedTurn } from './evaluation-result.ts';
import type { Judge } from './judge.ts';
import { judgeResponse } from './judge-response.ts';

/** All that the cases of one evaluation share; the models have the run around them. */
export interface CaseSetting {
  readonly run: Run;
  readonly user: ChatModel;
  readonly userPrompt: Prompt<RolePlayerVariables>;
  readonly candidate: Candidate;
  /** The candidate's model. */
  readonly model: ChatModel;
  readonly judge: Judge;
  readonly turns: number;
  readonly userMessages: GenerationSettings;
  readonly response: GenerationSettings;
  readonly onEvent: (event: EvaluationEvent) => void;
  readonly signal: AbortSignal;
}

// Stands for a response that was empty: many servers refuse an empty message.
const NO_WORDS = '…';

/**
 * Plays one case: at each turn the simulated user speaks, the candidate answers, the judge rates. A turn is judged
 * while the user's next message is made. A user or candidate that fails ends the case; the turns before stay.
 */
export async function playCase(benchmarkCase: BenchmarkCase, setting: CaseSetting): Promise<EvaluatedCase> {
  const { run, candidate, judge, turns, onEvent, signal } = setting;
  const { id: caseId, persona } = benchmarkCase;
  const conversation: Message[] = [];
  const played: EvaluatedTurn[] = [];
  let failure: ConversationFailure | undefined;

  const placeOf = (role: 'user' | 'candidate' | 'judge', turn: number): CallPlace => ({
    task: 'evaluation',
    subject: `${caseId}/${candidate.name}`,
    turn,
    role,
  });

  async function attempt(
    role: 'user' | 'candidate',
    turn: number,
    call: () => Promise<string>,
  ): Promise<string | null> {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (endsRun(error)) throw error;
      failure = { turn, role, ...describeError(error) };
      return null;
    }
  }

  const speak = (turn: number) =>
    attempt('user', turn, () =>
      playUser(setting.user, {
        ...setting.userMessages,
        persona,
        conversation: [...conversation],
        prompt: setting.userPrompt,
        place: placeOf('user', turn),
        // Without the candidate: every candidate meets the same user.
        seedFor: (place) => run.seedFor({ ...place, subject: caseId }),
        signal,
      }),
    );

  const respond = (turn: number) =>
    attempt('candidate', turn, async () => {
      const place = placeOf('candidate', turn);
      const messages = candidate.messages?.([...conversation], benchmarkCase) ?? [...conversation];
      const request = { messages, ...setting.response, seed: run.seedFor(place) };
      return (await setting.model.generate(request, { signal, place })).text;
    });

  onEvent({ type: 'case-start', candidate: candidate.name, caseId });
  let message = await speak(1);
  for (let turn = 1; message !== null; turn++) {
    conversation.push(user(message));
    const response = await respond(turn);
    if (response === null) break;
    const input = { case: benchmarkCase, conversation: [...conversation], response };
    conversation.push(assistant(response.trim() === '' ? NO_WORDS : response));
    const place = placeOf('judge', turn);
    const [judgement, next]: [EvaluatedTurn['judgement'], string | null] = await Promise.all([
      judgeResponse(judge, input, { signal, place, seed: run.seedFor(place), run }),
      turn < turns ? speak(turn + 1) : null,
    ]);
    played.push({ turn, user: message, response, judgement });
    onEvent({
      type: 'turn-end',
      candidate: candidate.name,
      caseId,
      turn,
      score: judgement.score,
      status: judgement.status,
    });
    message = next;
  }
  onEvent({ type: 'case-end', candidate: candidate.name, caseId, failure });
  return { caseId, persona, turns: played, ...(failure !== undefined && { failure }) };
}
