import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { ChatHistoryItem, Llama, LlamaGrammar, LlamaModel } from 'node-llama-cpp';
import PQueue from 'p-queue';
import { InvalidFileError, ModelCallError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { importOptional } from '../internal/import-optional.ts';
import { messageOf } from '../internal/message-of.ts';
import { checkKnownOptions, refuseUnknownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import type { Message } from '../messages.ts';
import type {
  CallOptions,
  ChatModel,
  ChatRequest,
  ChatResponse,
  FinishReason,
  JsonSchema,
} from './chat-model.ts';
import { fingerprintGguf } from './gguf-file.ts';
import { grammarSchema } from './grammar-schema.ts';
import { type Lane, pickSlot } from './llama-cpp-lanes.ts';
import { DEFAULT_SAMPLING, type LlamaCppSampling, samplers } from './llama-cpp-sampling.ts';
import { promptKey } from './prompt-key.ts';
import { isGgufUri, pullGguf } from './pull-gguf.ts';

export type { LlamaCppSampling } from './llama-cpp-sampling.ts';
export { type PullGgufOptions, pullGguf } from './pull-gguf.ts';

/** Options of {@link llamaCpp}. */
export interface LlamaCppOptions {
  /**
   * Path of a GGUF file. For a model split into several files, the first one. Or a model on Hugging Face,
   * `hf:owner/repository:quantisation`, which is downloaded at the first call unless it was before. Its id then has this
   * name and no hash of the file: see {@link pullGguf} for a path.
   */
  readonly modelPath: string;
  /** Path of a LoRA adapter for this model, as a GGUF file. Default: none. */
  readonly loraPath?: string | undefined;
  /** Maximum number of tokens of a call, prompt and reply together. Default 4,096. */
  readonly contextSize?: number | undefined;
  /**
   * Number of prompts kept in memory. A new prompt that shares its beginning with one of them is read only from where
   * they differ. This pays off for large models; 8 is a good number. With a cache, the same request can give a different
   * reply, since llama.cpp's rounding depends on how much of the prompt was read before. Default 0: every prompt is read
   * in full, and a reply depends on its request alone.
   */
  readonly cachedPrompts?: number | undefined;
  /**
   * Number of calls computed at the same time, each in its own context over shared weights. Does not change any reply.
   * For small models, two calls with one thread each are faster than one call with two threads. Default 1.
   */
  readonly concurrency?: number | undefined;
  /**
   * Threads per concurrent call. Default: the available cores minus one, divided by `concurrency`, at least 1. llama.cpp's
   * threads spin while they wait for each other. With more threads than free cores, it is not slightly but hundreds of
   * times slower.
   */
  readonly threads?: number | undefined;
  /** How the next token is sampled. Members that are left out keep their defaults. */
  readonly sampling?: Partial<LlamaCppSampling> | undefined;
  /** `auto` uses a GPU if the installed binaries find one; `false` never does. Default `auto`. */
  readonly gpu?: 'auto' | false | undefined;
}

/** A chat model in this process. */
export interface LlamaCppModel extends ChatModel {
  /** Waits for pending calls, then frees the memory of the model. A later call loads it again. */
  dispose(): Promise<void>;
}

type Library = typeof import('node-llama-cpp');

interface Loaded {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly lanes: readonly Lane[];
}

/**
 * A GGUF model in this process. Needs the optional peer package `node-llama-cpp`. A grammar constrains JSON replies, so
 * they always have the requested shape. The file is loaded at the first call.
 *
 * @example
 * ```ts
 * import { llamaCpp } from 'aloe-align/models/llama-cpp';
 *
 * const model = llamaCpp({ modelPath: 'models/Qwen2.5-1.5B-Instruct-Q4_K_M.gguf', contextSize: 8_192 });
 * // …
 * await model.dispose();
 * ```
 *
 * @throws InvalidOptionError if an option is unknown or out of range.
 * @throws MissingWeightsError if the file does not exist; InvalidFileError if it is not a GGUF file.
 * @throws MissingPackageError at the first call, if `node-llama-cpp` is not installed; InvalidFileError if the model
 * cannot be loaded.
 */
export function llamaCpp(options: LlamaCppOptions): LlamaCppModel {
  checkKnownOptions<LlamaCppOptions>('llamaCpp()', options, {
    modelPath: true,
    loraPath: true,
    contextSize: true,
    cachedPrompts: true,
    concurrency: true,
    threads: true,
    sampling: true,
    gpu: true,
  });
  refuseUnknownOptions('sampling', options.sampling ?? {}, Object.keys(DEFAULT_SAMPLING));
  const contextSize = checkNumber('contextSize', options.contextSize ?? 4_096, { min: 256, integer: true });
  const cachedPrompts = checkNumber('cachedPrompts', options.cachedPrompts ?? 0, { min: 0, integer: true });
  const concurrency = checkNumber('concurrency', options.concurrency ?? 1, { min: 1, integer: true });
  const sequences = Math.max(1, Math.ceil(cachedPrompts / concurrency));
  const share = Math.max(1, Math.floor((availableParallelism() - 1) / concurrency));
  const threads = checkNumber('threads', options.threads ?? share, { min: 1, integer: true });
  const sampling = { ...DEFAULT_SAMPLING, ...options.sampling };
  for (const [name, value] of Object.entries(sampling)) checkNumber(`sampling.${name}`, value, { min: 0 });
  checkPath('modelPath', options.modelPath, 'the path of a GGUF file, or hf:owner/repository:quantisation');
  const id = modelId(options.modelPath, options.loraPath, sampling);
  const grammars = new Map<string, Promise<LlamaGrammar>>();
  let loading: Promise<Loaded> | undefined;
  const queue = new PQueue({ concurrency });
  let calls = 1;

  async function load(): Promise<Loaded> {
    const library = await importOptional<Library>('node-llama-cpp', 'llamaCpp()');
    const modelPath = isGgufUri(options.modelPath) ? await pullGguf(options.modelPath) : options.modelPath;
    try {
      const llama = await library.getLlama({
        gpu: options.gpu ?? 'auto',
        build: 'never',
        logLevel: library.LlamaLogLevel.disabled,
      });
      const model = await llama.loadModel({ modelPath });
      const lanes: Lane[] = [];
      while (lanes.length < concurrency) {
        const context = await model.createContext({
          contextSize,
          sequences,
          threads,
          ...(options.loraPath !== undefined && { lora: { adapters: [{ filePath: options.loraPath }] } }),
        });
        const slots = Array.from({ length: sequences }, () => ({
          chat: new library.LlamaChat({ contextSequence: context.getSequence() }),
          lastUsed: 0,
          prompt: undefined,
        }));
        lanes.push({ context, slots, busy: false });
      }
      return { llama, model, lanes };
    } catch (cause) {
      throw new InvalidFileError(options.modelPath, `the model could not be loaded (${messageOf(cause)}).`, {
        hint: 'Check that the file is complete and that the model fits in memory with this contextSize.',
        cause,
      });
    }
  }

  function grammarFor({ llama }: Loaded, schema: JsonSchema): Promise<LlamaGrammar> {
    const key = canonicalJson(schema);
    const grammar = grammars.get(key) ?? llama.createGrammarForJsonSchema(grammarSchema(schema) as never);
    grammars.set(key, grammar);
    return grammar;
  }

  async function compute(request: ChatRequest, { signal, place }: CallOptions): Promise<ChatResponse> {
    signal?.throwIfAborted();
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const loaded = await loading;
    const history = toHistory(request.messages);
    const { chatWrapper } = loaded.lanes[0]!.slots[0]!.chat;
    const prompt = chatWrapper
      .generateContextState({ chatHistory: [...history, { type: 'model', response: [] }] })
      .contextText.tokenize(loaded.model.tokenizer);
    const room = contextSize - prompt.length;
    if (room < 1 || room < (request.maxOutputTokens ?? 1)) {
      throw new ModelCallError(
        id,
        `a prompt of ${prompt.length} tokens and a reply of up to ${request.maxOutputTokens ?? 1} do not fit in the context of ${contextSize}.`,
        { retryable: false, hint: 'Raise contextSize, or use fewer turns.' },
      );
    }
    const key = place && promptKey(place);
    const { slot, lane } = pickSlot(loaded.lanes, prompt, key);
    lane.busy = true;
    slot.prompt = key;
    try {
      slot.lastUsed = calls++;
      const { chat } = slot;
      if (cachedPrompts === 0) await chat.sequence.clearHistory();
      const meter = chat.sequence.tokenMeter.getState();
      const grammar = request.outputSchema && (await grammarFor(loaded, request.outputSchema.schema));
      const { response, metadata } = await chat.generateResponse(history, {
        ...samplers(sampling, request.outputSchema !== undefined),
        temperature: request.temperature ?? 0.8,
        maxTokens: request.maxOutputTokens ?? room,
        ...(request.seed !== undefined && { seed: request.seed }),
        ...(request.stop !== undefined && { customStopTriggers: [...request.stop] }),
        ...(grammar !== undefined && { grammar }),
        ...(signal !== undefined && { signal }),
      });
      const { usedInputTokens, usedOutputTokens } = chat.sequence.tokenMeter.diff(meter);
      return {
        text: response,
        finishReason: finishReason(metadata.stopReason),
        usage: {
          inputTokens: prompt.length,
          cachedInputTokens: cachedPrompts === 0 ? 0 : Math.max(0, prompt.length - usedInputTokens),
          outputTokens: usedOutputTokens,
        },
      };
    } finally {
      lane.busy = false;
    }
  }

  return {
    id,
    free: true,
    generate: (request, options = {}) => queue.add(() => compute(request, options)),
    async dispose() {
      await queue.onIdle();
      const loaded = await loading?.catch(() => undefined);
      loading = undefined;
      grammars.clear();
      for (const { context } of loaded?.lanes ?? []) await context.dispose();
      await loaded?.model.dispose();
    },
  };
}

/** Contains everything that can change a reply: file names, file contents, and a sampling other than the default. */
function modelId(path: string, loraPath: string | undefined, sampling: LlamaCppSampling): string {
  const own = canonicalJson(sampling);
  const suffix = own === canonicalJson(DEFAULT_SAMPLING) ? '' : `:${sha256(own).slice(0, 6)}`;
  const [model, ...lora] = [path, ...(loraPath === undefined ? [] : [loraPath])].map((file) =>
    isGgufUri(file) ? file : `${basename(file)}:${fingerprintGguf(file)}`,
  );
  return `llama-cpp:${[model, ...lora].join('+')}${suffix}`;
}

function toHistory(messages: readonly Message[]): ChatHistoryItem[] {
  return messages.map(({ role, content }) =>
    role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content },
  );
}

function finishReason(stopReason: string): FinishReason {
  if (stopReason === 'maxTokens') return 'length';
  return stopReason === 'abort' || stopReason === 'functionCalls' ? 'other' : 'stop';
}
