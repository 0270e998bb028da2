import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { describeIssues } from '../internal/describe-issues.ts';
import { readJsonLines } from '../internal/json-lines.ts';
import { isFullDisk } from '../internal/write-error.ts';
import { openAtomic } from '../internal/write-file.ts';
import { type ConversationTree, conversationTreeSchema } from './conversation-tree.ts';

/**
 * Reads a JSON Lines file of conversation trees, one at a time.
 *
 * @example
 * ```ts
 * for await (const tree of readConversations('conversations.jsonl')) console.log(tree.id, tree.failures.length);
 * ```
 *
 * @throws InvalidFileError naming the first line that is not a conversation tree and the problem.
 */
export async function* readConversations(path: string): AsyncGenerator<ConversationTree> {
  for await (const { lineNumber, value } of readJsonLines(path)) {
    const parsed = conversationTreeSchema.safeParse(value);
    if (!parsed.success) {
      throw new InvalidFileError(
        path,
        `line ${lineNumber} is not a conversation tree: ${describeIssues(parsed.error, value)}.`,
      );
    }
    yield parsed.data;
  }
}

/**
 * Writes conversation trees to a JSON Lines file, one per line. The file appears once all trees are written. If the
 * stream fails, an existing file is left unchanged.
 *
 * @example
 * ```ts
 * await saveConversations(builder.build(pool.personas()), 'conversations.jsonl');
 * ```
 *
 * @param trees The stream from a builder, or an array. Trees are written as they arrive and not kept in memory.
 * @throws InvalidOptionError when the file cannot be written, before the first tree is requested. RunStorageError if the disk
 * fills up later.
 */
export async function saveConversations(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
  path: string,
): Promise<void> {
  for await (const _ of teeConversations(trees, path));
}

/**
 * Passes trees through and writes each to a JSON Lines file, so that one pass both saves and uses them. The file
 * appears once the stream has been read to its end. If the stream stops early, an existing file is left unchanged.
 *
 * @example
 * ```ts
 * for await (const tree of teeConversations(builder.build(personas), 'conversations.jsonl')) console.log(tree.id);
 * ```
 *
 * @throws InvalidOptionError when the file cannot be written, before the first tree is requested. RunStorageError if the disk
 * fills up later.
 */
export async function* teeConversations(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
  path: string,
): AsyncGenerator<ConversationTree> {
  const writer = await openAtomic(path).catch((cause: unknown) => {
    if (isFullDisk(cause)) throw cause;
    throw new InvalidOptionError('path', 'a writable file path', path, { cause });
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
