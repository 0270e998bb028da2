import type { RateLimit } from './rate-limit.ts';
import { excerpt, redact, redactCause, withoutCredentials } from './redact.ts';

const BRAND = Symbol.for('aloe-align.error');

/** The kinds of {@link AloeError}. docs/errors.md explains each. */
export type AloeErrorCode =
  | 'invalid-option'
  | 'missing-key'
  | 'missing-package'
  | 'missing-weights'
  | 'model-call-failed'
  | 'batch-failed'
  | 'malformed-reply'
  | 'content-filter'
  | 'invalid-file'
  | 'run-conflict'
  | 'run-storage'
  | 'budget-exceeded'
  | 'training-failed'
  | 'hub-failed';

/** Optional details of an {@link AloeError}. */
export interface AloeErrorOptions {
  /** What the reader can do about it, in one sentence. It is appended to the message. */
  readonly hint?: string | undefined;
  /** The underlying error. Another library's error is copied without secrets, headers and bodies. */
  readonly cause?: unknown;
}

/**
 * Base class of this library's errors. The constructor removes secrets from message, hint and cause. An abort is not
 * an `AloeError`: the signal's own reason is rethrown unchanged.
 *
 * @example
 * ```ts
 * import { AloeError, ModelCallError } from 'aloe-align';
 *
 * try {
 *   await evaluator.evaluate(model);
 * } catch (error) {
 *   if (ModelCallError.isInstance(error)) console.error(error.status, error.message);
 *   else if (AloeError.isInstance(error)) console.error(error.code, error.hint);
 *   else throw error;
 * }
 * ```
 */
export class AloeError extends Error {
  /** The kind of error. */
  readonly code: AloeErrorCode;
  /** What to do about it. Also the end of `message`. */
  readonly hint: string | undefined;

  /** @param message What happened, without the hint. */
  constructor(code: AloeErrorCode, message: string, options: AloeErrorOptions = {}) {
    const hint = options.hint === undefined ? undefined : redact(options.hint);
    super(
      redact(hint === undefined ? message : `${sentence(message)} ${hint}`),
      options.cause === undefined ? undefined : { cause: safeCause(options.cause) },
    );
    this.name = new.target.name;
    Object.defineProperty(this, BRAND, { value: true });
    this.code = code;
    this.hint = hint;
  }

  /** Whether `error` is an `AloeError`. Unlike `instanceof`, it works across copies of this package. */
  static isInstance(error: unknown): error is AloeError {
    return error instanceof Error && BRAND in error;
  }
}

/** With a full stop, which the message of a server may lack. */
export function sentence(message: string): string {
  return /[\p{L}\p{N})\]]$/u.test(message) ? `${message}.` : message;
}

/**
 * An option or argument has the wrong value. Options are checked before any model is called; items of a stream, such as
 * personas, are checked when they are read.
 */
export class InvalidOptionError extends AloeError {
  /**
   * @param option The option's name, such as `budget.usd`.
   * @param expected What it accepts, as a noun: `a whole number of at least 1`.
   * @param got The value it got. Objects are shown by type and arrays by length.
   */
  constructor(option: string, expected: string, got: unknown, options?: AloeErrorOptions);
  /** @param message The whole message, for what is not about a value, such as an option that does not exist. */
  constructor(message: string, options: AloeErrorOptions);
  constructor(first: string, second: string | AloeErrorOptions, got?: unknown, options?: AloeErrorOptions) {
    if (typeof second === 'string') {
      super('invalid-option', `Option "${first}": expected ${second}, got ${show(got)}.`, options);
    } else super('invalid-option', first, second);
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is InvalidOptionError {
    return AloeError.isInstance(error) && error.code === 'invalid-option';
  }
}

/** A provider needs an API key, and neither its options nor the environment contains one. */
export class MissingKeyError extends AloeError {
  /** @param option Name of the option that takes the key. Default `apiKey`. */
  constructor(provider: string, environmentVariable: string, option = 'apiKey') {
    super('missing-key', `No API key for ${provider}.`, {
      hint: `Set the environment variable ${environmentVariable}, or pass { ${option} }.`,
    });
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is MissingKeyError {
    return AloeError.isInstance(error) && error.code === 'missing-key';
  }
}

/** An optional peer package is not installed. */
export class MissingPackageError extends AloeError {
  /** @param neededFor What needs it, as the user calls it: `aiSdk()`. */
  constructor(packageName: string, neededFor: string, cause?: unknown) {
    super('missing-package', `${neededFor} needs the package "${packageName}", which could not be loaded.`, {
      hint: `Install it with: npm install ${packageName}`,
      cause,
    });
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is MissingPackageError {
    return AloeError.isInstance(error) && error.code === 'missing-package';
  }
}

/** Files of a local model are missing: not downloaded yet, impossible to download, or not at the given path. */
export class MissingWeightsError extends AloeError {
  constructor(message: string, options?: AloeErrorOptions) {
    super('missing-weights', message, options);
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is MissingWeightsError {
    return AloeError.isInstance(error) && error.code === 'missing-weights';
  }
}

/** Details of a {@link ModelCallError}. */
export interface ModelCallErrorOptions extends AloeErrorOptions {
  /** HTTP status. Leave it out if the server sent no response, or sent a success that cannot be used. */
  readonly status?: number | undefined;
  /** Whether the same request may succeed later. A run retries it then. */
  readonly retryable: boolean;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The limits the server reported. */
  readonly rateLimit?: RateLimit | undefined;
}

/** A model cannot be reached, refused the request, or sent a response that cannot be used. */
export class ModelCallError extends AloeError {
  /** The model's `id`. */
  readonly modelId: string;
  /** HTTP status; undefined if the server sent no response, or sent a success that cannot be used. */
  readonly status: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The limits the server reported. */
  readonly rateLimit: RateLimit | undefined;

  /** @param modelId The model's `id`; the message starts with it. */
  constructor(modelId: string, message: string, options: ModelCallErrorOptions) {
    super('model-call-failed', `${modelId}: ${message}`, options);
    this.modelId = modelId;
    this.status = options.status;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.rateLimit = options.rateLimit;
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is ModelCallError {
    return AloeError.isInstance(error) && error.code === 'model-call-failed';
  }
}

/** A provider refused a batch of calls as a whole, or the batch was cancelled. */
export class BatchError extends AloeError {
  constructor(message: string, options?: AloeErrorOptions) {
    super('batch-failed', message, options);
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is BatchError {
    return AloeError.isInstance(error) && error.code === 'batch-failed';
  }
}

/** No attempt gave a valid reply, even after repair. */
export class MalformedReplyError extends AloeError {
  /** The first 400 characters of the last reply, without secrets. */
  readonly reply: string;
  /** The problem of each attempt, such as `repetition`. Empty if the problems have no names. */
  readonly problems: readonly string[];

  constructor(
    message: string,
    reply: string,
    options: AloeErrorOptions & { readonly problems?: readonly string[] | undefined } = {},
  ) {
    const shown = excerpt(reply, 400);
    super('malformed-reply', `${message} The reply was: ${JSON.stringify(shown)}.`, options);
    this.reply = shown;
    this.problems = options.problems ?? [];
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is MalformedReplyError {
    return AloeError.isInstance(error) && error.code === 'malformed-reply';
  }
}

/** A provider's content filter withheld a reply or refused the prompt. Retrying the same request would not help. */
export class ContentFilterError extends AloeError {
  /** @param what What was withheld: `the user message`. */
  constructor(modelId: string, what: string) {
    super('content-filter', `${modelId}: ${what} was withheld by the provider's content filter.`, {
      hint: 'Try a different prompt, or another model for this role.',
    });
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is ContentFilterError {
    return AloeError.isInstance(error) && error.code === 'content-filter';
  }
}

/** A file cannot be read, or its content is not what is expected. */
export class InvalidFileError extends AloeError {
  /** @param message What is wrong with the file. The path is put before it: `is not JSON.` */
  constructor(path: string, message: string, options?: AloeErrorOptions) {
    super('invalid-file', `${path}: ${message}`, options);
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is InvalidFileError {
    return AloeError.isInstance(error) && error.code === 'invalid-file';
  }
}

/**
 * A run directory is open elsewhere, has another seed, was written by another version, or holds answers that may be those of
 * other weights.
 */
export class RunConflictError extends AloeError {
  /** The model that the run refuses, if that is the conflict. */
  readonly modelId: string | undefined;

  constructor(message: string, options?: AloeErrorOptions & { readonly modelId?: string | undefined }) {
    super('run-conflict', message, options);
    this.modelId = options?.modelId;
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is RunConflictError {
    return AloeError.isInstance(error) && error.code === 'run-conflict';
  }
}

/** The next call could exceed the run's budget. Every call that was paid for is in the journal. */
export class BudgetExceededError extends AloeError {
  constructor(message: string) {
    super('budget-exceeded', message, {
      hint: 'Raise the budget and run the program again to resume.',
    });
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is BudgetExceededError {
    return AloeError.isInstance(error) && error.code === 'budget-exceeded';
  }
}

/**
 * A run's directory or journal cannot be read or written, or the run is closed; or a file of results cannot be written. On a
 * full disk, for example. What was finished is safe: the calls in the journal, and a file that was there before.
 */
export class RunStorageError extends AloeError {
  constructor(message: string, options?: AloeErrorOptions) {
    super('run-storage', message, options);
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is RunStorageError {
    return AloeError.isInstance(error) && error.code === 'run-storage';
  }
}

/**
 * A training job cannot be prepared or started, or its backend refused a request, cannot be reached, or gave an
 * unexpected response.
 */
export class TrainingError extends AloeError {
  /** Name of the backend, such as `slurm`. */
  readonly backend: string;

  constructor(backend: string, message: string, options?: AloeErrorOptions) {
    super('training-failed', `${backend}: ${message}`, options);
    this.backend = backend;
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is TrainingError {
    return AloeError.isInstance(error) && error.code === 'training-failed';
  }
}

/** The Hugging Face hub, or another at that address, refused a request or cannot be reached. */
export class HubError extends AloeError {
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;

  constructor(message: string, options: AloeErrorOptions & { readonly status?: number | undefined } = {}) {
    super('hub-failed', message, options);
    this.status = options.status;
  }

  /** Like {@link AloeError.isInstance}, for this class only. */
  static override isInstance(error: unknown): error is HubError {
    return AloeError.isInstance(error) && error.code === 'hub-failed';
  }
}

function safeCause(cause: unknown): unknown {
  return AloeError.isInstance(cause) ? cause : redactCause(cause);
}

function show(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(excerpt(value.includes('://') ? withoutCredentials(value) : value, 80));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) {
    return String(value);
  }
  return Array.isArray(value) ? `an array of ${value.length}` : typeof value;
}
