import { InvalidFileError, MissingPackageError, MissingWeightsError } from '../errors.ts';
import { messageOf } from '../internal/message-of.ts';
import { type Distribution, Histogram } from '../preferences/length-statistics.ts';
import type { TemplateMessage, Tokenizer } from '../tokenizers/tokenizer.ts';
import type { Findings } from './findings.ts';
import type { Example } from './read-example.ts';

/** Row lengths in tokens of the base model. A row's length is that of its prompt and one response. */
export interface TokenStatistics {
  /** Id of the tokenizer. */
  readonly tokenizer: string;
  /** The limit in tokens; null if none was given. */
  readonly maxLength: number | null;
  /** A pair counts twice, once for each response. Null if no row could be measured. */
  readonly rows: Distribution | null;
}

export interface LengthChecker {
  add(example: Example, line: number): Promise<void>;
  result(): TokenStatistics;
}

export function createLengthChecker(
  tokenizer: Tokenizer,
  maxLength: number | null,
  findings: Findings,
): LengthChecker {
  const lengths = new Histogram();

  async function count(messages: readonly TemplateMessage[], line: number): Promise<number | null> {
    try {
      return await tokenizer.countTokens(messages);
    } catch (error) {
      if (isMissing(error)) throw error;
      const reason = messageOf(error);
      findings.add(
        'not-tokenizable',
        line,
        `The model's chat template or tokenizer rejects the row: ${reason}`,
      );
      return null;
    }
  }

  return {
    async add({ prompt, responses }, line) {
      const given = await count(prompt, line);
      if (given === null) return;
      for (const { name, messages } of responses) {
        const length = await count([...prompt, ...messages], line);
        if (length === null) return;
        lengths.add(length);
        if (maxLength === null || length <= maxLength) continue;
        if (given >= maxLength) {
          findings.add(
            'prompt-too-long',
            line,
            `The prompt alone has ${given} tokens (limit: ${maxLength}).`,
          );
          return;
        }
        findings.add('too-long', line, `Prompt and ${name} have ${length} tokens (limit: ${maxLength}).`);
      }
    },
    result: () => ({
      tokenizer: tokenizer.id,
      maxLength,
      rows: lengths.count === 0 ? null : lengths.distribution(),
    }),
  };
}

/** Whether the tokenizer itself could not be loaded, which is not the row's fault. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof MissingPackageError ||
    error instanceof MissingWeightsError ||
    error instanceof InvalidFileError
  );
}
