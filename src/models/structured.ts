import * as z from 'zod';
import { ContentFilterError, MalformedReplyError } from '../errors.ts';
import { canonicalJson } from '../internal/canonical-json.ts';
import { remembered } from '../internal/remembered.ts';
import { parseRepaired } from '../internal/repair-json.ts';
import { webChildSeed } from '../internal/web-hash.ts';
import type { CallOptions, ChatModel, ChatRequest, JsonSchema } from './chat-model.ts';
import { cutReply } from './cut-reply.ts';
import { withoutReasoning } from './without-reasoning.ts';

/** Options of {@link generateStructured}. */
export interface StructuredOptions<Value> extends CallOptions {
  /** Short name of the expected value, such as `verdict`. Sent with the schema, and used in errors. */
  readonly name: string;
  /** What the reply must match. Sent to the model as JSON Schema, then used for validation. */
  readonly schema: z.ZodType<Value>;
  /** Maximum number of attempts, including the first. Each is a separate sample in the journal. Default 3. */
  readonly attempts?: number | undefined;
  /** If true, a reply that contains several different valid values is malformed. Default false: the first one counts. */
  readonly unambiguous?: boolean | undefined;
  /** Reads a reply in another way, such as one in words. Default: the JSON value in it, validated. */
  readonly read?: ((text: string) => ParsedReply<Value>) | undefined;
  /** Seed of an attempt, counted from 0. Default: the request's seed, and for later attempts one derived from it. */
  readonly seedFor?: ((sample: number) => number) | undefined;
}

/** Minimum temperature of later attempts. At temperature 0, a model would give the same reply again. */
const RETRY_TEMPERATURE = 0.7;

/**
 * Requests a JSON reply and validates it. A reply that is almost JSON is repaired; an invalid one is requested again.
 * If a reply was cut off at `maxOutputTokens` or withheld, there is no further attempt, since it would end the same way.
 *
 * @example
 * ```ts
 * import { generateStructured } from 'aloe-align/models';
 * import * as z from 'zod';
 *
 * const verdict = await generateStructured(
 *   model,
 *   { messages, maxOutputTokens: 200 },
 *   { name: 'verdict', schema: z.object({ score: z.number().int().min(1).max(5) }) },
 * );
 * ```
 *
 * @throws MalformedReplyError if no attempt gave a valid value.
 * @throws ContentFilterError if the provider withheld the reply or a part of it.
 */
export async function generateStructured<Value>(
  model: ChatModel,
  request: ChatRequest,
  options: StructuredOptions<Value>,
): Promise<Value> {
  const { schema, unambiguous, read = (text) => parseStructured(text, schema, { unambiguous }) } = options;
  return askForJson(model, request, { ...options, read, jsonSchema: jsonSchemaOf(schema) });
}

/** Options of {@link askForJson}. */
export interface AskForJsonOptions<Value>
  extends Pick<StructuredOptions<Value>, 'name' | 'attempts' | 'seedFor' | 'signal' | 'place'> {
  /** Sent to the model. */
  readonly jsonSchema: JsonSchema;
  /** Reads and validates a reply. */
  readonly read: (text: string) => ParsedReply<Value>;
}

/**
 * {@link generateStructured} without a zod schema, for a shape that differs from call to call: compiling one takes longer than
 * the rest of a replayed call.
 *
 * @throws As {@link generateStructured} does.
 */
export async function askForJson<Value>(
  model: ChatModel,
  request: ChatRequest,
  options: AskForJsonOptions<Value>,
): Promise<Value> {
  const { attempts = 3, read } = options;
  const outputSchema = { name: options.name, schema: options.jsonSchema };
  for (let sample = 0; ; sample++) {
    const again = sample === 0 ? {} : await forAnotherAttempt(request, sample);
    const seed = options.seedFor?.(sample) ?? again.seed ?? request.seed;
    const response = cutReply(
      await model.generate(
        { ...request, ...again, seed, outputSchema },
        { signal: options.signal, place: options.place && { ...options.place, sample } },
      ),
      request,
    );
    if (response.finishReason === 'content-filter') {
      throw new ContentFilterError(model.id, `the ${options.name}`);
    }
    const result = read(response.text);
    if (result.ok) return result.value;
    const cut = response.finishReason === 'length';
    if (cut || sample + 1 >= attempts) {
      throw new MalformedReplyError(
        cut
          ? `${model.id}: the ${options.name} was cut off at ${request.maxOutputTokens ?? "the provider's limit of"} tokens.`
          : `${model.id}: no valid ${options.name} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} (last problem: ${result.problem}).`,
        response.text,
        { hint: cut ? 'Raise maxOutputTokens.' : undefined },
      );
    }
  }
}

/** Changes seed and temperature, so that a deterministic model does not repeat its invalid reply. */
async function forAnotherAttempt(
  { seed, temperature }: ChatRequest,
  sample: number,
): Promise<Partial<ChatRequest>> {
  return {
    ...(seed !== undefined && { seed: await webChildSeed(seed, sample) }),
    ...(temperature !== undefined && { temperature: Math.max(temperature, RETRY_TEMPERATURE) }),
  };
}

/** The value found in a reply, or why there is none. */
export type ParsedReply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/**
 * Finds the JSON value in a reply and validates it: the whole reply if it is valid, else the first part that is valid,
 * else the first part that is valid after repair. Reasoning in `<think>`, code fences and surrounding text are ignored.
 */
export function parseStructured<Value>(
  text: string,
  schema: z.ZodType<Value>,
  { unambiguous = false }: Pick<StructuredOptions<Value>, 'unambiguous'> = {},
): ParsedReply<Value> {
  const alone = parseAs(schema, JSON.parse, text);
  if (alone.ok) return alone;
  const reply = withoutReasoning(text);
  const start = reply.search(OPENING);
  if (start < 0) return { ok: false, problem: 'no JSON found' };
  const end = Math.max(reply.lastIndexOf('}'), reply.lastIndexOf(']'));
  const whole = reply.slice(start, end > start ? end + 1 : undefined);
  const parts = balancedParts(reply);
  if (unambiguous && holdsSeveral(parts, schema)) {
    return { ok: false, problem: 'several different values' };
  }
  let problem = NOT_JSON;
  for (const [parse, bodies] of [
    [JSON.parse, [whole, ...parts]],
    [parseRepaired, [...parts, whole, reply.slice(start)]],
  ] as const) {
    for (const body of bodies) {
      const parsed = parseAs(schema, parse, body);
      if (parsed.ok) return parsed;
      if (parsed.problem !== NOT_JSON) problem = parsed.problem;
    }
  }
  return { ok: false, problem };
}

/** Whether a reply contains several different values. One of them may be a quotation. */
function holdsSeveral(parts: readonly string[], schema: z.ZodType): boolean {
  const answers = parts.map((part) => parseAs(schema, parseRepaired, part)).filter((parsed) => parsed.ok);
  return new Set(answers.map(({ value }) => canonicalJson(value))).size > 1;
}

const NOT_JSON = 'not JSON, even after repair';

function parseAs<Value>(
  schema: z.ZodType<Value>,
  parse: (body: string) => unknown,
  body: string,
): ParsedReply<Value> {
  let value: unknown;
  try {
    value = parse(body);
  } catch {
    return { ok: false, problem: NOT_JSON };
  }
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
}

const OPENING = /[[{]/;
const MAX_PARTS = 10;

/** Each outermost section of a text between matching brackets. */
function balancedParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length && parts.length < MAX_PARTS; i++) {
    const character = text[i]!;
    if (quoted && character === '\\') i += 1;
    else if (depth > 0 && character === '"') quoted = !quoted;
    else if (!quoted && OPENING.test(character)) {
      if (depth === 0) start = i;
      depth += 1;
    } else if (!quoted && depth > 0 && (character === '}' || character === ']')) {
      depth -= 1;
      if (depth === 0) parts.push(text.slice(start, i + 1));
    }
  }
  return parts;
}

const jsonSchemaOf: (schema: z.ZodType) => JsonSchema = remembered((schema) => {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema);
  return jsonSchema;
});
