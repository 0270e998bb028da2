import type { Message } from '../../messages.ts';
import { isTrait, type Persona, type Statement, statementsOf } from '../../personas/persona.ts';
import { contentWords, messageWords, statementWords } from '../../personas/rules/told-statements.ts';

/** Of a fact's words that nobody has said yet: how many a response must use, and what share. */
const [MIN_WORDS, MIN_SHARE] = [3, 2 / 3];

/**
 * Finds a fact about the user that a response recites although the user has not revealed it and nobody has mentioned it. By words, so
 * response and fact must be in the same language; a fact in other words is missed. Traits are left out: their words are in any talk.
 */
export function findRecited(
  response: string,
  conversation: readonly Message[],
  { persona, revealed }: { readonly persona: Persona; readonly revealed: readonly string[] },
): Statement | null {
  const unknown = statementsOf(persona).filter(({ id }) => !isTrait(id) && !revealed.includes(id));
  const words = contentWords(response);
  const said = conversation.map(messageWords);
  const isNew = (word: string) => !said.some((each) => each.has(word));
  const isRecited = (statement: Statement): boolean => {
    const own = [...statementWords(statement)];
    const used = own.filter((word) => words.has(word)).filter(isNew).length;
    return used >= MIN_WORDS && used >= own.filter(isNew).length * MIN_SHARE;
  };
  return unknown.find(isRecited) ?? null;
}
