import { type StatementLimits, splitSentences } from '../statements.ts';

/** "She is a 34-year-old …", "34-year-old …", "Maria is a 34 year old …": how the first sentence about a person begins. */
const INTRODUCES_A_PERSON =
  /^(?:(?:\S+\s+){1,3}(?:is|are|am)\s+|(?:is|am)\s+|(?:he|she|they)(?:'s|’s|'re|’re)\s+|meet\s+\S+[,:]?\s+)?(?:an?\s+|aged?\s+)?\d{2}[-\s]years?[-\s]old/i;

/**
 * Whether each text of a flat list is about a person of its own, rather than all of them about one person. Models
 * answer both ways and do not say which.
 *
 * @param labelled whether something above the list says that it is one person's ("Profile 3:").
 */
export function arePeople(texts: readonly string[], labelled: boolean, limits: StatementLimits): boolean {
  if (texts.filter((text) => INTRODUCES_A_PERSON.test(text)).length >= 2) return true;
  if (labelled) return false;
  const several = texts.filter(
    (text) => splitSentences(text).length >= 2 || text.split('; ').length >= limits.minStatements,
  ).length;
  return several > texts.length / 2 || texts.length > limits.maxStatements;
}

/** Whether a text says something about a person, and is more than a name or a label. */
export function isInformative(title: string): boolean {
  return /\d|,/.test(title) || title.split(/\s+/).length >= 4;
}
