import { InvalidOptionError } from '../errors.ts';
import { describeIssues } from '../internal/describe-issues.ts';
import { type ConversationTree, conversationTreeSchema } from './conversation-tree.ts';

/** @throws InvalidOptionError unless `value` is an iterable or async iterable. */
export function checkIterable(option: 'personas' | 'trees', value: unknown): void {
  const iterable =
    typeof value === 'object' &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value);
  if (!iterable) throw new InvalidOptionError(option, `an iterable or async iterable of ${option}`, value);
}

/**
 * Passes conversation trees on.
 *
 * @throws InvalidOptionError for the first one that is something else.
 */
export async function* checkedTrees(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
): AsyncGenerator<ConversationTree> {
  for await (const tree of trees) {
    const parsed = conversationTreeSchema.safeParse(tree);
    if (!parsed.success) {
      const problem = describeIssues(parsed.error, tree);
      throw new InvalidOptionError('trees', `conversation trees (${problem})`, tree);
    }
    yield tree;
  }
}
