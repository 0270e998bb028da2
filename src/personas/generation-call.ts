import { childSeed, sample, seededRandom } from '../internal/random.ts';
import type { ChatModel, ChatResponse, JsonSchema } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import type { Prompt } from '../models/prompt.ts';
import type { Run } from '../runs/run.ts';
import { apportion, missingOf } from './attributes.ts';
import type { PersonaGenerationVariables } from './persona-generation.ts';
import type { PoolKind, Quotas } from './pool-data.ts';
import type { PoolEntry } from './pool-entry.ts';

/** What the calls of a growth have in common. */
export interface GenerationOptions {
  readonly kind: PoolKind;
  readonly run: Run;
  /** Model that generates entries, already wrapped by the run. */
  readonly model: ChatModel;
  readonly prompt: Prompt<PersonaGenerationVariables>;
  /** Shown as examples as long as the pool itself has too few. */
  readonly models: readonly PoolEntry[];
  /** English name of the language. Undefined for English. */
  readonly language: string | undefined;
  /** Wanted numbers of entries by attribute and value. Undefined for none. */
  readonly quotas: Quotas | undefined;
  readonly examplesPerCall: number;
  readonly entriesPerCall: number;
  readonly temperature: number;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

/**
 * What each call of a wave asks for, so that together they ask for what is missing. Calls of few entries cannot ask for every
 * value: which they ask for is drawn for each attribute, so that the values of two attributes come in all combinations.
 */
export function wantedByCall(
  {
    quotas,
    entriesPerCall,
    kind,
    run,
  }: Pick<GenerationOptions, 'quotas' | 'entriesPerCall' | 'kind' | 'run'>,
  entries: readonly PoolEntry[],
  calls: readonly number[],
): readonly (Quotas | undefined)[] {
  if (quotas === undefined || Object.keys(quotas).length === 0) return [];
  const missing = Object.entries(missingOf(quotas, entries)).map(([name, values]) => ({
    name,
    // Once all quotas are met, new entries keep to the shares.
    left: { ...(Object.values(values).some((count) => count > 0) ? values : quotas[name]) },
  }));
  return calls.map((call) => {
    const random = seededRandom(childSeed(run.seed, 'personas', kind, 'wanted', call));
    return Object.fromEntries(
      missing.map(({ name, left }) => {
        const isLeft = Object.values(left).some((count) => count > 0);
        const asked = apportion(isLeft ? left : quotas[name]!, entriesPerCall, random);
        for (const [value, count] of Object.entries(asked)) left[value] = Math.max(0, left[value]! - count);
        return [name, asked];
      }),
    );
  });
}

export async function callModel(
  options: GenerationOptions,
  pool: readonly PoolEntry[],
  call: number,
  wanted: Quotas | undefined,
): Promise<ChatResponse> {
  const { kind, run, entriesPerCall, language } = options;
  const place: CallPlace = { task: 'personas', subject: kind, role: 'generator', turn: 0, sample: call };
  const random = seededRandom(childSeed(run.seed, 'personas', kind, 'examples', call));
  const shown = pool.length < options.examplesPerCall ? [...pool, ...options.models] : pool;
  const examples = sample(shown, options.examplesPerCall, random).map(({ statements }) => statements);
  const asked = { ...(language && { language }), ...(wanted && { wanted }) };
  return options.model.generate(
    {
      messages: options.prompt.messages({ examples, count: entriesPerCall, ...asked }),
      temperature: options.temperature,
      maxOutputTokens: options.maxOutputTokens,
      seed: run.seedFor(place),
      outputSchema: {
        name: kind,
        schema: replySchema(kind, entriesPerCall, Object.keys(options.quotas ?? {}).length),
      },
    },
    { signal: options.signal, place },
  );
}

/** Labels come first in the list of an entry. */
function replySchema(kind: PoolKind, count: number, labels: number): JsonSchema {
  const item = { type: 'string', maxLength: 140 };
  const entry = { type: 'array', items: item, minItems: 6 + labels, maxItems: 10 + labels };
  return {
    type: 'object',
    properties: { [kind]: { type: 'array', items: entry, minItems: count, maxItems: count } },
    required: [kind],
    additionalProperties: false,
  };
}
