import * as z from 'zod';
import { InvalidFileError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import { readJsonLines } from '../internal/json-lines.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import type { ChatModel, ChatRequest, ChatResponse } from '../models/chat-model.ts';
import { excerpt } from '../redact.ts';

/** One recorded call. */
export interface RecordedCall {
  /** Id of the model. */
  readonly model: string;
  /** What the model was asked. */
  readonly request: ChatRequest;
  /** What it answered. */
  readonly response: ChatResponse;
}

/** The model that {@link recordModel} makes. */
export interface RecordingModel extends ChatModel {
  /** The calls answered so far, in the order of their answers. Failed calls are not recorded. */
  readonly recording: readonly RecordedCall[];
}

/**
 * Wraps a model and records every call it answers, so that tests can replay the answers without the model.
 *
 * @example
 * ```ts
 * import { openai } from 'aloe-align/models/openai';
 * import { recordModel, replayModel, saveRecording, readRecording } from 'aloe-align/testing';
 *
 * const recorder = recordModel(openai('gpt-4o'));
 * await recorder.generate({ messages: [{ role: 'user', content: 'Hello!' }] });
 * await saveRecording(recorder.recording, 'test/calls.jsonl');
 *
 * const model = replayModel(await readRecording('test/calls.jsonl'));
 * ```
 */
export function recordModel(model: ChatModel): RecordingModel {
  const recording: RecordedCall[] = [];
  return {
    id: model.id,
    server: model.server,
    recording,
    async generate(request, options) {
      const response = await model.generate(request, options);
      recording.push({ model: model.id, request, response });
      return response;
    },
  };
}

/**
 * A model that answers from a recording. Equal requests get their answers in recorded order; the last answer repeats.
 * `generate` throws an Error for a request that is not in the recording.
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
        const last = excerpt(request.messages.at(-1)?.content ?? '', 120);
        throw new Error(`This request is not in the recording: ${JSON.stringify(last)}`);
      }
      return known.length > 1 ? known.shift()! : known[0]!;
    },
  };
}

/** Writes a recording as JSON Lines, one call per line. */
export async function saveRecording(recording: readonly RecordedCall[], path: string): Promise<void> {
  await writeFileAtomic(path, recording.map((call) => `${JSON.stringify(call)}\n`).join(''));
}

const recordedCallSchema = z.object({
  model: z.string(),
  request: z.looseObject({ messages: z.array(z.object({ role: z.string(), content: z.string() })) }),
  response: z.looseObject({ text: z.string(), finishReason: z.string(), usage: z.looseObject({}) }),
});

/**
 * Reads a recording written by {@link saveRecording}.
 *
 * @throws InvalidFileError if the file cannot be read or a line is not a recorded call. The message names the line.
 */
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
