import type { RateLimit } from './rate-limit.ts';
import { redact, redactCause } from './redact.ts';

const BRAND = Symbol.for('aloe-align.error');

/** Every `code` that an {@link AloeError} can carry. */
export type AloeErrorCode =
  | 'invalid-option'
  | 'missing-key'
  | 'missing-package'
  | 'missing-weights'
  | 'model-call-failed'
  | 'malformed-reply'
  | 'content-filter'
  | 'invalid-file'
  | 'run-conflict'
  | 'run-storage'
  | 'budget-exceeded'
  | 'training-failed';

export interface AloeErrorOptions {
  /** What the reader can do about it, in one sentence. */
  readonly hint?: string | undefined;
  /** What led to it. Another library's error is kept as a copy without secrets, headers and bodies. */
  readonly cause?: unknown;
}

/**
 * The one family of errors this library throws. Secrets are removed from message, hint and cause when it is made.
 * An abort is not part of the family: the signal's own reason is rethrown as it is.
 */
export class AloeError extends Error {
  readonly code: AloeErrorCode;
  readonly hint: string | undefined;

  constructor(code: AloeErrorCode, message: string, options: AloeErrorOptions = {}) {
    const hint = options.hint === undefined ? undefined : redact(options.hint);
    super(
      redact(hint === undefined ? message : `${message} ${hint}`),
      options.cause === undefined ? undefined : { cause: safeCause(options.cause) },
    );
    this.name = new.target.name;
    Object.defineProperty(this, BRAND, { value: true });
    this.code = code;
    this.hint = hint;
  }

  /** Recognises the family across several copies of this package in one program. */
  static isInstance(error: unknown): error is AloeError {
    return error instanceof Error && BRAND in error;
  }
}

/** An option has the wrong value. Thrown before any model is called. */
export class InvalidOptionError extends AloeError {
  constructor(option: string, expected: string, got: unknown, options?: AloeErrorOptions) {
    super('invalid-option', `Option "${option}": expected ${expected}, got ${show(got)}.`, options);
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is InvalidOptionError {
    return AloeError.isInstance(error) && error.code === 'invalid-option';
  }
}

/** A provider needs an API key and none was given or found in the environment. */
export class MissingKeyError extends AloeError {
  constructor(provider: string, environmentVariable: string) {
    super('missing-key', `No API key for ${provider}.`, {
      hint: `Set the environment variable ${environmentVariable}, or pass { apiKey }.`,
    });
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is MissingKeyError {
    return AloeError.isInstance(error) && error.code === 'missing-key';
  }
}

/** An optional peer package is not installed. */
export class MissingPackageError extends AloeError {
  constructor(packageName: string, neededFor: string, cause?: unknown) {
    super('missing-package', `${neededFor} needs the package "${packageName}", which could not be loaded.`, {
      hint: `Install it with: npm install ${packageName}`,
      cause,
    });
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is MissingPackageError {
    return AloeError.isInstance(error) && error.code === 'missing-package';
  }
}

/** Model weights are not on this machine and no source could deliver them. */
export class MissingWeightsError extends AloeError {
  constructor(message: string, options?: AloeErrorOptions) {
    super('missing-weights', message, options);
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is MissingWeightsError {
    return AloeError.isInstance(error) && error.code === 'missing-weights';
  }
}

export interface ModelCallErrorOptions extends AloeErrorOptions {
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What the server said about its limits. */
  readonly rateLimit?: RateLimit | undefined;
}

/** A model could not be reached or refused the request. */
export class ModelCallError extends AloeError {
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly rateLimit: RateLimit | undefined;

  constructor(modelId: string, message: string, options: ModelCallErrorOptions) {
    super('model-call-failed', `${modelId}: ${message}`, options);
    this.status = options.status;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.rateLimit = options.rateLimit;
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is ModelCallError {
    return AloeError.isInstance(error) && error.code === 'model-call-failed';
  }
}

/** A model answered, but not in a form that can be used, even after repair and asking again. */
export class MalformedReplyError extends AloeError {
  /** The last reply as it came, shortened. */
  readonly reply: string;
  /** What was wrong with each reply that was asked for, where that has names. */
  readonly problems: readonly string[];

  constructor(
    message: string,
    reply: string,
    options: AloeErrorOptions & { readonly problems?: readonly string[] | undefined } = {},
  ) {
    const shown = redact(reply.length > 400 ? `${reply.slice(0, 400)}…` : reply);
    super('malformed-reply', `${message} The reply was: ${JSON.stringify(shown)}.`, options);
    this.reply = shown;
    this.problems = options.problems ?? [];
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is MalformedReplyError {
    return AloeError.isInstance(error) && error.code === 'malformed-reply';
  }
}

/** A provider withheld a reply, or refused the prompt: an outcome of the one text, which the same request would meet again. */
export class ContentFilterError extends AloeError {
  constructor(modelId: string, what: string) {
    super('content-filter', `${modelId}: ${what} was withheld by the provider's content filter.`, {
      hint: 'Other words in the prompt, or another model for this role, may pass.',
    });
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is ContentFilterError {
    return AloeError.isInstance(error) && error.code === 'content-filter';
  }
}

/** A file does not hold what its reader expects. */
export class InvalidFileError extends AloeError {
  constructor(path: string, message: string, options?: AloeErrorOptions) {
    super('invalid-file', `${path}: ${message}`, options);
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is InvalidFileError {
    return AloeError.isInstance(error) && error.code === 'invalid-file';
  }
}

/** A run directory cannot be used in the way that was asked for. */
export class RunConflictError extends AloeError {
  constructor(message: string, options?: AloeErrorOptions) {
    super('run-conflict', message, options);
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is RunConflictError {
    return AloeError.isInstance(error) && error.code === 'run-conflict';
  }
}

/** The budget of a run has no room for another call. All that was paid for is in the journal. */
export class BudgetExceededError extends AloeError {
  constructor(message: string) {
    super('budget-exceeded', message, {
      hint: 'Raise the budget and run the same program again: it goes on where it stopped.',
    });
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is BudgetExceededError {
    return AloeError.isInstance(error) && error.code === 'budget-exceeded';
  }
}

/** The journal of a run cannot be written: the disk is full, or the file is not accessible any more. */
export class RunStorageError extends AloeError {
  constructor(message: string, options?: AloeErrorOptions) {
    super('run-storage', message, options);
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is RunStorageError {
    return AloeError.isInstance(error) && error.code === 'run-storage';
  }
}

/** A training engine refused a job, cannot be reached, or answered what it should not. */
export class TrainingError extends AloeError {
  /** Name of the backend. */
  readonly backend: string;

  constructor(backend: string, message: string, options?: AloeErrorOptions) {
    super('training-failed', `${backend}: ${message}`, options);
    this.backend = backend;
  }

  /** As {@link AloeError.isInstance}, for this kind alone. */
  static override isInstance(error: unknown): error is TrainingError {
    return AloeError.isInstance(error) && error.code === 'training-failed';
  }
}

function safeCause(cause: unknown): unknown {
  return AloeError.isInstance(cause) ? cause : redactCause(cause);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) {
    return String(value);
  }
  return Array.isArray(value) ? `an array of ${value.length}` : typeof value;
}
