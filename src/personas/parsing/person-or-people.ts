import { type StatementLimits, splitSentences } from '../statements.ts';

/** How the first sentence about a person begins: "She is a 34-year-old …", "34-year-old …", "Maria is a 34 year old …". */
const INTRODUCES_A_PERSON =
  /^(?:(?:\S+\s+){1,3}(?:is|are|am)\s+|(?:is|am)\s+|(?:he|she|they)(?:'s|’s|'re|’re)\s+|meet\s+\S+[,:]?\s+)?(?:an?\s+|aged?\s+)?\d{2}[-\s]years?[-\s]old/i;

/**
 * Whether each text of a flat list describes a different person. Otherwise all describe the same one. Models reply in
 * either way without saying which.
 *
 * @param labelled Whether a label above the list says that it describes one person ("Profile 3:").
 */
export function arePeople(texts: readonly string[], labelled: boolean, limits: StatementLimits): boolean {
  if (texts.filter((text) => INTRODUCES_A_PERSON.test(text)).length >= 2) return true;
  if (labelled) return false;
  const several = texts.filter(
    (text) => splitSentences(text).length >= 2 || text.split('; ').length >= limits.minStatements,
  ).length;
  return several > texts.length / 2 || texts.length > limits.maxStatements;
}

/** Whether a title says something about a person. A name or a label does not. */
export function isInformative(title: string): boolean {
  return /\d|,/.test(title) || title.split(/\s+/).length >= 4;
}
