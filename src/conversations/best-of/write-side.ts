import { endsRun } from '../../internal/ends-run.ts';
import { seededRandom } from '../../internal/random.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import type { AlternativeResponse } from '../alternative-response.ts';
import type { ResponseNode } from '../conversation-tree.ts';
import type { PickResponseVariables } from '../prompts/pick-response.ts';
import { type RespondOptions, respond } from '../roles/responder.ts';
import { rateResponses } from './rate-responses.ts';

/** How a side of a turn is written. */
export interface WriteSideOptions extends Omit<RespondOptions, 'place'> {
  readonly conversationId: string;
  /** From 1. */
  readonly turn: number;
  /** The models that write this side, by turns. */
  readonly teachers: readonly ChatModel[];
  /** How many responses to choose from. */
  readonly count: number;
  /** Chooses. Not asked if there is one response. */
  readonly picker: ChatModel;
  readonly pickerPrompt: Prompt<PickResponseVariables>;
  readonly persona: Persona;
  readonly task: string | undefined;
  /** The place of a call: `suffix` is appended to the role. */
  readonly placeOf: (suffix: string) => CallPlace;
  readonly attempts: number;
  readonly signal: AbortSignal;
}

/**
 * Writes as many responses to a turn as asked for, each by the next teacher, and has the picker choose one. A response that
 * fails is left out.
 *
 * @throws What `respond` throws, if no response could be written. Errors that every call would hit, once all calls have ended.
 */
export async function writeSide(options: WriteSideOptions): Promise<ResponseNode> {
  const { teachers, count, placeOf, signal } = options;
  const responses = await writeResponses(options);
  const [first] = responses;
  const texts = [...new Set(responses.map(({ text }) => text))];
  const scores =
    texts.length === 1
      ? null
      : await rateResponses(options.picker, texts, {
          persona: options.persona,
          task: options.task,
          conversation: options.conversation,
          prompt: options.pickerPrompt,
          placeOf: (call) => placeOf(`-picker-${call}`),
          seedFor: options.seedFor,
          attempts: options.attempts,
          signal,
        });
  const scored = responses.map((each): AlternativeResponse => {
    const score = scores?.[texts.indexOf(each.text)];
    return score === undefined ? each : { ...each, score };
  });
  // The sort is stable: of equal ones, the one that was drawn first.
  const [best = first!, ...others] = scored.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0));
  const { text, truncated, model, score } = best;
  return {
    text,
    truncated,
    ...(teachers.length > 1 && { model }),
    ...(score !== undefined && { score }),
    ...(count > 1 && { alternatives: others }),
  };
}

async function writeResponses(options: WriteSideOptions): Promise<AlternativeResponse[]> {
  const { turn, teachers, count, placeOf } = options;
  const start = firstTeacher(options) + (turn - 1) * count;
  const settled = await Promise.allSettled(
    Array.from({ length: count }, async (_, index): Promise<AlternativeResponse> => {
      const teacher = teachers[(start + index) % teachers.length]!;
      // The first one is asked for as if it were the only one, so that a run with one can be continued with more.
      const place = placeOf(index === 0 ? '' : `-${index + 1}`);
      const { text, truncated } = await respond(teacher, { ...options, place });
      return { text, truncated, model: teacher.id };
    }),
  );
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const written = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const fatal = failures.find((reason) => options.signal.aborted || endsRun(reason));
  if (fatal !== undefined || written.length === 0) throw fatal ?? failures[0];
  return written;
}

/** The same for both sides: where they have the same teachers, a turn's responses are by the same one. */
function firstTeacher({ conversationId, teachers, seedFor }: WriteSideOptions): number {
  if (teachers.length === 1) return 0;
  const place = { task: 'conversations', subject: conversationId, role: 'teacher-order' };
  return Math.floor(seededRandom(seedFor(place))() * teachers.length);
}
