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
 * Passes trees on and writes each to a JSON Lines file on the way. The file appears when the stream is read to its
 * end; a stream that breaks off leaves the file that was there before.
 *
 * @throws InvalidOptionError when the file cannot be written, before the first tree is asked for.
 */
export async function* saveConversations(
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
