import { createHash } from 'node:crypto';
import type { Message } from '../src/messages.ts';

/** Tokens per block, as in vLLM. A block is found again only if it and all before it are the same. */
const BLOCK = 16;

/** Words of up to seven letters with the space before them, numbers, signs: close to what tokenizers make of English. */
const PIECES = / ?\p{L}{1,7}|\p{N}{1,3}|[^\s\p{L}\p{N}]+|\s+/gu;

/** The text of a request as a chat template lays it out, in pieces of about a token. */
export function piecesOf(messages: readonly Message[]): string[] {
  return messages.flatMap(({ role, content }) => [
    `<${role}>`,
    '\n',
    ...(content.match(PIECES) ?? []),
    '<end>',
  ]);
}

/** A prefix cache of whole blocks, of which the least recently used go first. */
export class BlockCache {
  readonly #capacity: number;
  /** From the least to the most recently used. */
  readonly #blocks = new Set<string>();

  /** @param tokens Room for this many tokens. */
  constructor(tokens: number) {
    this.#capacity = tokens / BLOCK;
  }

  /** Reads a prompt. @returns how many of its tokens were there. */
  read(pieces: readonly string[]): number {
    const keys: string[] = [];
    let key = '';
    for (let start = 0; start + BLOCK <= pieces.length; start += BLOCK) {
      key = createHash('sha1')
        .update(`${key}\n${pieces.slice(start, start + BLOCK).join('\n')}`)
        .digest('base64');
      keys.push(key);
    }
    const missing = keys.findIndex((each) => !this.#blocks.has(each));
    // The end first, since nothing is found without what is before it.
    for (const each of keys.toReversed()) {
      this.#blocks.delete(each);
      this.#blocks.add(each);
    }
    for (const oldest of this.#blocks) {
      if (this.#blocks.size <= this.#capacity) break;
      this.#blocks.delete(oldest);
    }
    return BLOCK * (missing === -1 ? keys.length : missing);
  }
}
