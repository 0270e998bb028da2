import type { Message } from '../../messages.ts';
import { isTrait, type Persona, type Statement, statementsOf } from '../../personas/persona.ts';
import { contentWords, messageWords, statementWords } from '../../personas/rules/told-statements.ts';

/** Of a fact's words that nobody has said yet: what share a response must use. */
const MIN_SHARE = 2 / 3;
/** And how many. A fact that was revealed may have been told in other words, which a response takes up. */
const [MIN_WORDS, MIN_WORDS_REVEALED] = [3, 6];

/**
 * Finds a fact about the user that a response recites although nobody has mentioned it. By words, so response and fact must be in the
 * same language; a fact in other words is missed. Traits are left out: their words are in any talk.
 *
 * @param options.revealed Ids of what the response was told, as revealed by the user. An inducer may be wrong about it, or the
 * fact says more than the user did.
 */
export function findRecited(
  response: string,
  conversation: readonly Message[],
  { persona, revealed }: { readonly persona: Persona; readonly revealed: readonly string[] },
): Statement | null {
  const facts = statementsOf(persona).filter(({ id }) => !isTrait(id));
  const words = contentWords(response);
  const said = conversation.map(messageWords);
  const isNew = (word: string) => !said.some((each) => each.has(word));
  const isRecited = (statement: Statement): boolean => {
    const own = [...statementWords(statement)];
    const used = own.filter((word) => words.has(word)).filter(isNew).length;
    const least = revealed.includes(statement.id) ? MIN_WORDS_REVEALED : MIN_WORDS;
    return used >= least && used >= own.filter(isNew).length * MIN_SHARE;
  };
  return facts.find(isRecited) ?? null;
}
