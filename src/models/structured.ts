import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';
import { MalformedReplyError } from '../errors.ts';
import type { CallOptions, ChatModel, ChatRequest, JsonSchema } from './chat-model.ts';

export interface StructuredOptions<Value> extends CallOptions {
  /** Short name of the shape, as providers want one. */
  readonly name: string;
  readonly schema: z.ZodType<Value>;
  /** How often the model is asked in all. Each attempt is a sample of its own in the journal. Default 3. */
  readonly attempts?: number | undefined;
  /** The seed of each attempt, from 0. Default: the request's own seed. */
  readonly seedFor?: ((sample: number) => number) | undefined;
}

/**
 * Asks for a JSON reply and validates it: repaired where it is nearly right, asked for again where it is not.
 * A reply cut at `maxOutputTokens` is not bought again: the next one would be cut as well.
 *
 * @throws MalformedReplyError when no attempt gave a valid value.
 */
export async function generateStructured<Value>(
  model: ChatModel,
  request: ChatRequest,
  options: StructuredOptions<Value>,
): Promise<Value> {
  const attempts = options.attempts ?? 3;
  const outputSchema = { name: options.name, schema: toJsonSchema(options.schema) };
  for (let sample = 0; ; sample++) {
    const response = await model.generate(
      { ...request, outputSchema, seed: options.seedFor?.(sample) ?? request.seed },
      { signal: options.signal, place: options.place && { ...options.place, sample } },
    );
    const result = parseStructured(response.text, options.schema);
    if (result.ok) return result.value;
    const cut = response.finishReason === 'length';
    if (cut || sample + 1 >= attempts) {
      throw new MalformedReplyError(
        cut
          ? `${model.id} did not finish its ${options.name} within ${request.maxOutputTokens ?? "the provider's"} tokens.`
          : `${model.id} gave no valid ${options.name} in ${attempts} attempts: ${result.problem}.`,
        response.text,
        { hint: cut ? 'Raise maxOutputTokens.' : undefined },
      );
    }
  }
}

export type ParsedReply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/** Finds the JSON value in a reply (code fences and chatter around it are left out), repairs it and validates it. */
export function parseStructured<Value>(text: string, schema: z.ZodType<Value>): ParsedReply<Value> {
  const start = text.search(/[[{]/);
  if (start < 0) return { ok: false, problem: 'there is no JSON in it' };
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  const body = end > start ? text.slice(start, end + 1) : text.slice(start);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    try {
      value = JSON.parse(jsonrepair(body));
    } catch {
      return { ok: false, problem: 'it is not JSON, even after repair' };
    }
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problem: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema);
  return jsonSchema;
}
