import * as z from 'zod';
import type { AloeConfig, ConfigModel } from '../config/config.ts';
import { openEmbedder } from '../config/open-embedder.ts';
import { openModel } from '../config/open-model.ts';
import { checkMadeConfig } from '../config/read-config.ts';
import { describeError } from '../internal/describe-error.ts';
import type { ChatModel, ChatResponse } from '../models/chat-model.ts';
import { parseStructured } from '../models/structured.ts';
import { withoutCredentials } from '../redact.ts';
import { ALL_PARTS, type PipelineOptions } from './open-pipeline.ts';
import { type UsedModel, usedModels } from './used-models.ts';

/** What a model said when it was asked a small question. */
export interface ModelCheck {
  /** The roles that the model has: `user`, `judge`, …, or `embedder`. */
  readonly roles: readonly string[];
  /** The model's id; the reference if it could not be opened. */
  readonly model: string;
  /** Host, port and path of its server. Null if it has none, or it is unknown. */
  readonly address: string | null;
  /** `ok`; `warning`: it answers, but not in the JSON shape that was asked for; `error`: it does not answer. */
  readonly level: 'ok' | 'warning' | 'error';
  /** What happened, and what to do about it. */
  readonly message: string;
  /** From the request to the whole reply. Null without one. */
  readonly durationMs: number | null;
}

/** Enough for a server that first loads its model, and for a model that reasons before it answers. */
const TIMEOUT_MS = 30_000;

const answer = z.object({ answer: z.literal('yes') });

/**
 * Asks each model of a config one small question, all at the same time: is its key set, can its server be reached, does it
 * answer, and in the JSON shape that is asked for. Takes at most half a minute, apart from the download of weights.
 */
export async function checkModels(
  config: AloeConfig,
  options: Pick<PipelineOptions, 'modelsDir' | 'offline' | 'signal'> = {},
): Promise<readonly ModelCheck[]> {
  checkMadeConfig(config);
  const checks = usedModels(config, ALL_PARTS).map((used) => checkModel(used, options));
  const [embedder, ...models] = await Promise.all([checkEmbedder(config, options), ...checks]);
  return [...models.flat(), embedder];
}

/** One check for each of the model's servers. */
async function checkModel(
  { given, roles, option }: UsedModel,
  options: Pick<PipelineOptions, 'modelsDir' | 'offline' | 'signal'>,
): Promise<readonly ModelCheck[]> {
  let model: ChatModel & { dispose?(): Promise<void> };
  try {
    ({ model } = await openModel(oneByOne(given), { ...options, option }));
  } catch (error) {
    return [failed(roles, referenceOf(given), null, error)];
  }
  try {
    const servers = model.replicas ?? [model];
    return await Promise.all(servers.map((server) => checkServer(server, roles, options.signal)));
  } finally {
    await model.dispose?.();
  }
}

async function checkServer(
  model: ChatModel,
  roles: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ModelCheck> {
  const address = model.server?.address ?? null;
  if (model.inBatches !== undefined) {
    const message = 'answers in batches, hours later, so it was not asked';
    return { roles, model: model.id, address, level: 'ok', message, durationMs: null };
  }
  const start = performance.now();
  try {
    const reply = await model.generate(
      {
        messages: [
          { role: 'user', content: 'Is the sky blue? Reply with the JSON object {"answer": "yes"}.' },
        ],
        // Enough for a model that reasons first. Others write ten.
        maxOutputTokens: 1_000,
        temperature: 0,
        outputSchema: { name: 'answer', schema: z.toJSONSchema(answer) },
      },
      { signal: withTimeout(signal) },
    );
    const durationMs = performance.now() - start;
    return { roles, model: model.id, address, ...assess(reply), durationMs };
  } catch (error) {
    signal?.throwIfAborted();
    return failed(roles, model.id, address, error);
  }
}

/** A batch may take a day. The same model is asked live. */
function oneByOne(given: ConfigModel | undefined): ConfigModel | undefined {
  return typeof given === 'object' && 'batch' in given ? { ...given, batch: false } : given;
}

/** What a reply says of the model. */
function assess({ text, finishReason, usage }: ChatResponse): Pick<ModelCheck, 'level' | 'message'> {
  if (text.trim() === '') {
    const cut = finishReason === 'length' ? ' It was cut off after 1,000 tokens.' : '';
    return { level: 'error', message: `replies with no text.${cut}` };
  }
  if (!parseStructured(text, answer).ok) {
    return {
      level: 'warning',
      message: 'answers, but not in the JSON shape asked for: inducers, judges and persona growth need it',
    };
  }
  if (usage.inputTokens + usage.outputTokens === 0) {
    return {
      level: 'warning',
      message: 'answers, but reports no token counts: costs and budget go by estimates',
    };
  }
  return { level: 'ok', message: 'answers, in the JSON shape asked for' };
}

async function checkEmbedder(
  config: AloeConfig,
  options: Pick<PipelineOptions, 'modelsDir' | 'offline' | 'signal'>,
): Promise<ModelCheck> {
  const given = config.models?.embedder;
  const roles = ['embedder'];
  try {
    const embedder = await openEmbedder(given, { ...options, option: 'models.embedder' });
    const start = performance.now();
    await embedder.embed(['Is the sky blue?'], { signal: withTimeout(options.signal) });
    return {
      roles,
      model: embedder.id,
      address: null,
      level: 'ok',
      message: 'embeds',
      durationMs: performance.now() - start,
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    return failed(roles, typeof given === 'string' ? given : 'embedder', null, error);
  }
}

function failed(roles: readonly string[], model: string, address: string | null, error: unknown): ModelCheck {
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  // The check says already which model it was, and a config holds no key.
  const message = isLate
    ? `no answer within ${TIMEOUT_MS / 1_000} s`
    : describeError(error)
        .message.replace(`${address === null ? model : `${model} at ${address}`}: `, '')
        .replace(', or pass { apiKey }', '');
  return { roles, model, address, level: 'error', message, durationMs: null };
}

function withTimeout(signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function referenceOf(given: ConfigModel | undefined): string {
  if (typeof given === 'object' && 'generate' in given) return given.id;
  const text = typeof given === 'object' ? given.model : (given ?? 'default');
  return text.replace(/(?<=@)https?:.*/s, withoutCredentials);
}
