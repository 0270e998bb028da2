import { z } from 'zod';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { readJsonLines } from '../internal/json-lines.ts';
import { openAtomic } from '../internal/write-file.ts';
import { type ConversationTree, conversationTreeSchema } from './conversation-tree.ts';

/**
 * Reads a JSON Lines file of conversation trees, one at a time.
 *
 * @throws InvalidFileError naming the line that is not a conversation tree, and what is wrong with it.
 */
export async function* readConversations(path: string): AsyncGenerator<ConversationTree> {
  for await (const { lineNumber, value } of readJsonLines(path)) {
    const parsed = conversationTreeSchema.safeParse(value);
    if (!parsed.success) {
      throw new InvalidFileError(
        path,
        `line ${lineNumber} is not a conversation tree. ${z.prettifyError(parsed.error)}`,
      );
    }
    yield parsed.data;
  }
}

/**
 * Writes conversation trees to a JSON Lines file, one a line. The file appears when all are written; a stream that
 * fails leaves the file that was there before.
 *
 * @param trees What a builder yields, or an array. They are written as they come: memory does not grow with them.
 * @throws InvalidOptionError when the file cannot be written, before the first tree is asked for.
 */
export async function saveConversations(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
  path: string,
): Promise<void> {
  for await (const _ of teeConversations(trees, path));
}

/**
 * Yields the trees it is given and writes each to a JSON Lines file on the way, so that one pass both saves and uses
 * them. The file appears when the stream has been read to its end; a stream that stops early leaves the file that was
 * there before.
 *
 * @throws InvalidOptionError when the file cannot be written, before the first tree is asked for.
 */
export async function* teeConversations(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
  path: string,
): AsyncGenerator<ConversationTree> {
  const writer = await openAtomic(path).catch((cause: unknown) => {
    throw new InvalidOptionError('path', 'a file that can be written', path, { cause });
  });
  let complete = false;
  try {
    for await (const tree of trees) {
      await writer.write(`${JSON.stringify(tree)}\n`);
      yield tree;
    }
    await writer.commit();
    complete = true;
  } finally {
    if (!complete) await writer.discard();
  }
}
