import { jsonrepair } from 'jsonrepair';
import * as z from 'zod';
import { ContentFilterError, MalformedReplyError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import { childSeed } from '../internal/random.ts';
import type { CallOptions, ChatModel, ChatRequest, JsonSchema } from './chat-model.ts';
import { withoutReasoning } from './without-reasoning.ts';

export interface StructuredOptions<Value> extends CallOptions {
  /** Short name of the shape, as providers want one. */
  readonly name: string;
  readonly schema: z.ZodType<Value>;
  /** How often the model is asked in all. Each attempt is a sample of its own in the journal. Default 3. */
  readonly attempts?: number | undefined;
  /** Whether a reply with two valid values that differ is malformed. Default: the first one is taken. */
  readonly unambiguous?: boolean | undefined;
  /** The seed of each attempt, counted from 0. Default: the request's own, and for further attempts one that derives from it. */
  readonly seedFor?: ((sample: number) => number) | undefined;
}

/** Further attempts are made with at least this: at temperature 0 a model would give the same answer again. */
const RETRY_TEMPERATURE = 0.7;

/**
 * Asks for a JSON reply and validates it: repaired where it is nearly right, asked for again where it is not.
 * A reply that was cut at `maxOutputTokens`, or withheld, is not bought again: the next one would be as well.
 *
 * @throws MalformedReplyError when no attempt gave a valid value.
 * @throws ContentFilterError when the provider withheld the reply, or a part of it.
 */
export async function generateStructured<Value>(
  model: ChatModel,
  request: ChatRequest,
  options: StructuredOptions<Value>,
): Promise<Value> {
  const attempts = options.attempts ?? 3;
  const outputSchema = { name: options.name, schema: toJsonSchema(options.schema) };
  for (let sample = 0; ; sample++) {
    const again = sample === 0 ? {} : forAnotherAttempt(request, sample);
    const seed = options.seedFor?.(sample) ?? again.seed ?? request.seed;
    const response = await model.generate(
      { ...request, ...again, seed, outputSchema },
      { signal: options.signal, place: options.place && { ...options.place, sample } },
    );
    if (response.finishReason === 'content-filter') {
      throw new ContentFilterError(model.id, `the ${options.name}`);
    }
    const result = parseStructured(response.text, options.schema, options);
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

/** What must differ, so that a model which keeps to seed and temperature does not give the same bad reply again. */
function forAnotherAttempt({ seed, temperature }: ChatRequest, sample: number): Partial<ChatRequest> {
  return {
    ...(seed !== undefined && { seed: childSeed(seed, sample) }),
    ...(temperature !== undefined && { temperature: Math.max(temperature, RETRY_TEMPERATURE) }),
  };
}

export type ParsedReply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/**
 * Finds the JSON value in a reply and validates it. A reply that is such a value is taken as it is; else the first
 * value of the right shape, else the first that has it after repair. Reasoning in `<think>`, code fences and chatter
 * around it are left out.
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
  if (start < 0) return { ok: false, problem: 'there is no JSON in it' };
  const end = Math.max(reply.lastIndexOf('}'), reply.lastIndexOf(']'));
  const whole = reply.slice(start, end > start ? end + 1 : undefined);
  const parts = balancedParts(reply);
  if (unambiguous && holdsSeveral(parts, schema)) {
    return { ok: false, problem: 'it holds several that differ' };
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

/** Whether a reply gives two answers: one of them may be what it quotes. */
function holdsSeveral(parts: readonly string[], schema: z.ZodType): boolean {
  const answers = parts.map((part) => parseAs(schema, parseRepaired, part)).filter((parsed) => parsed.ok);
  return new Set(answers.map(({ value }) => canonicalJson(value))).size > 1;
}

const NOT_JSON = 'it is not JSON, even after repair';

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

/** Each stretch of a text from a bracket that opens to the one that closes it. */
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

function parseRepaired(body: string): unknown {
  return JSON.parse(jsonrepair(body));
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema);
  return jsonSchema;
}
