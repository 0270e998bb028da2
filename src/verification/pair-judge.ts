import type { DecisionPoint } from '../conversations/conversation-tree.ts';
import type { PairVerdict } from '../conversations/pair-verdict.ts';
import type { Persona } from '../personas/persona.ts';
import { namesServed, ServedTally } from '../runs/served/tally-served.ts';
import { judgePair } from './judge-pair.ts';
import type { CheckedVerifyOptions } from './verify-options.ts';

/** The pair of a turn, and whose conversation it is from. */
export interface PairToJudge {
  readonly conversationId: string;
  readonly persona: Persona;
  /** What the user wanted done. */
  readonly task: string | undefined;
  readonly point: DecisionPoint;
}

/** Asks a judge about a pair in both orders. What the run has of that pair already is not asked again. */
export function pairJudge({
  run,
  judge,
  prompt,
  temperature,
  maxOutputTokens,
  attempts,
}: Pick<CheckedVerifyOptions, 'run' | 'judge' | 'prompt' | 'temperature' | 'maxOutputTokens' | 'attempts'>): (
  pair: PairToJudge,
  signal: AbortSignal,
) => Promise<PairVerdict> {
  return async ({ conversationId, persona, task, point }, signal) => {
    const tally = new ServedTally();
    const { node, path } = point;
    const subject = `${conversationId}:${path.map((side) => side[0]).join('')}`;
    const verdict = await judgePair(tally.around(run).model(judge), point, {
      persona,
      task,
      prompt,
      temperature,
      maxOutputTokens,
      attempts,
      placeOf: (which) => ({
        task: 'verification',
        subject,
        turn: node.turn,
        role: `pair-judge-${which}`,
        prompt: `${conversationId}/pair-judge`,
      }),
      seedFor: run.seedFor,
      signal,
    });
    const served = namesServed(tally.result());
    return { ...verdict, ...(served.length > 0 && { served }) };
  };
}
