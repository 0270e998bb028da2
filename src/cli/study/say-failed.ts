import type { ConversationTree } from '../../conversations/conversation-tree.ts';
import { describeConversation } from '../describe-stages.ts';

/** With a model that none can go on with, all of thousands fail for the same reason. */
const MAX_SAID = 20;

/**
 * Says why conversations ended early, for the first of them.
 *
 * @param turns Number of turns that were asked for.
 * @param path Where all conversations are written.
 */
export function sayFailed(
  say: (text: string) => void,
  turns: number,
  path: string,
): (tree: ConversationTree) => void {
  let count = 0;
  return (tree) => {
    count += 1;
    if (count <= MAX_SAID) say(describeConversation(tree, turns));
    else if (count === MAX_SAID + 1) say(`  More ended early. ${path} says why each of them did.`);
  };
}
