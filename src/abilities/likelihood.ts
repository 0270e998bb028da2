import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { InvalidOptionError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import type { Message } from '../messages.ts';
import { runPython } from '../training/folder/run-python.ts';
import { defaultPython, programPath } from '../training/folder/setup-python.ts';
import {
  bitsPerByteOf,
  type LikelihoodResult,
  perplexityOf,
  replyLikelihoodSchema,
} from './likelihood-result.ts';
import file from './replies.json' with { type: 'json' };

/** A conversation whose last message, the assistant's, is a good reply. */
export interface ChatReply {
  readonly id: string;
  readonly messages: readonly Message[];
}

/** Options of {@link measureLikelihood}. */
export interface MeasureLikelihoodOptions {
  /** Default: 24 short conversations in English, written for this library. */
  readonly conversations?: readonly ChatReply[] | undefined;
  /** A Python with `transformers`. Default: the environment that `setupPython()` made, else `python3`. */
  readonly python?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

// To TypeScript the roles in the file are plain strings. A test checks the file.
const REPLIES = file.conversations as readonly ChatReply[];

/**
 * Measures how well a model predicts good replies in general chat: the log-likelihood of each, computed with `transformers`.
 * On a GPU if there is one.
 *
 * @param directory A model in Hugging Face's layout, such as `tuned/dpo/model`.
 *
 * @example
 * ```ts
 * import { measureLikelihood } from 'aloe-align/abilities';
 *
 * const { bitsPerByte, perplexity } = await measureLikelihood('tuned/dpo/model');
 * ```
 *
 * @throws InvalidOptionError for an option that is unknown or wrong; TrainingError with the end of what Python printed.
 */
export async function measureLikelihood(
  directory: string,
  options: MeasureLikelihoodOptions = {},
): Promise<LikelihoodResult> {
  checkKnownOptions<MeasureLikelihoodOptions>('measureLikelihood()', options, {
    conversations: true,
    python: true,
    signal: true,
  });
  checkPath('directory', directory, 'the directory of a model');
  const { conversations = REPLIES, signal } = options;
  if (!Array.isArray(conversations) || conversations.length === 0) {
    throw new InvalidOptionError('conversations', 'at least one conversation', conversations);
  }
  const lines = conversations.map((conversation) => `${JSON.stringify(conversation)}\n`).join('');
  const python = programPath(options.python ?? defaultPython());
  const dir = await mkdtemp(join(tmpdir(), 'aloe-'));
  try {
    const [source, target] = [join(dir, 'conversations.jsonl'), join(dir, 'results.jsonl')];
    await writeFile(source, lines);
    await runPython('measure_likelihood.py', [directory, source, target], { python, signal });
    const results = (await readFile(target, 'utf8')).trim().split('\n');
    const replies = z.array(replyLikelihoodSchema).parse(results.map((line) => JSON.parse(line)));
    return {
      texts: sha256(canonicalJson(conversations)),
      bitsPerByte: bitsPerByteOf(replies),
      perplexity: perplexityOf(replies),
      replies,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
