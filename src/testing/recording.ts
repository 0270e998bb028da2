import * as z from 'zod';
import { InvalidFileError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import { readJsonLines } from '../internal/json-lines.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import type { ChatModel, ChatRequest, ChatResponse } from '../models/chat-model.ts';

/** One call as it was made. */
export interface RecordedCall {
  readonly model: string;
  readonly request: ChatRequest;
  readonly response: ChatResponse;
}

export interface RecordingModel extends ChatModel {
  /** The calls that were answered so far. */
  readonly recording: readonly RecordedCall[];
}

/** Wraps a model and keeps every call it answers, so that a test can replay a real model without it. */
export function recordModel(model: ChatModel): RecordingModel {
  const recording: RecordedCall[] = [];
  return {
    id: model.id,
    recording,
    async generate(request, options) {
      const response = await model.generate(request, options);
      recording.push({ model: model.id, request, response });
      return response;
    },
  };
}

/**
 * A model that gives recorded answers, matched by the request; equal requests are answered in recorded order, the
 * last one for ever.
 *
 * @throws Error at a call that is not in the recording.
 */
export function replayModel(recording: readonly RecordedCall[]): ChatModel {
  const answers = new Map<string, ChatResponse[]>();
  for (const { request, response } of recording) {
    const key = canonicalJson(request);
    answers.set(key, [...(answers.get(key) ?? []), response]);
  }
  return {
    id: recording[0]?.model ?? 'replay',
    async generate(request, options = {}) {
      options.signal?.throwIfAborted();
      const known = answers.get(canonicalJson(request));
      if (known === undefined) {
        const last = request.messages.at(-1)?.content.slice(0, 120);
        throw new Error(`This request is not in the recording: ${JSON.stringify(last)}`);
      }
      return known.length > 1 ? known.shift()! : known[0]!;
    },
  };
}

/** Writes a recording as JSON Lines, one call a line. */
export async function saveRecording(recording: readonly RecordedCall[], path: string): Promise<void> {
  await writeFileAtomic(path, recording.map((call) => `${JSON.stringify(call)}\n`).join(''));
}

const recordedCallSchema = z.object({
  model: z.string(),
  request: z.looseObject({ messages: z.array(z.object({ role: z.string(), content: z.string() })) }),
  response: z.looseObject({ text: z.string(), finishReason: z.string(), usage: z.looseObject({}) }),
});

/** @throws InvalidFileError naming a line that is not a recorded call. */
export async function readRecording(path: string): Promise<RecordedCall[]> {
  const recording: RecordedCall[] = [];
  for await (const { lineNumber, value } of readJsonLines(path)) {
    if (!recordedCallSchema.safeParse(value).success) {
      throw new InvalidFileError(path, `line ${lineNumber} is not a recorded call.`);
    }
    recording.push(value as RecordedCall);
  }
  return recording;
}
