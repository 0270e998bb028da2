/** How a fact begins that gives the person's own age, in English, German, Spanish, French and Chinese. */
const AGES: readonly RegExp[] = [
  /^(?:(?:he|she|they) )?(?:is|are) (?:an? )?(\d{1,3})(?:[- ]years?[- ]old\b|(?=,| and\b|\.?$))/i,
  /^(?:age|alter|edad|âge|年龄)\s*[:：]\s*(\d{1,3})\b/iu,
  /^\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,4}, (?:aged? )?(\d{1,3})\b/u,
  /^(?:(?:er|sie) )?ist (\d{1,3})(?: jahre alt\b|(?=,| und\b|\.?$))/i,
  /^tiene (\d{1,3}) años(?=,| y\b|\.?$)/i,
  /^(?:(?:il|elle) )?a (\d{1,3}) ans(?=,| et\b|\.?$)/i,
  /^(?:[他她])?(?:今年)?(\d{1,3})岁/u,
];

/** The age that a fact gives of the person, in years. Undefined if it gives none. */
export function statedAge(fact: string): number | undefined {
  const age = AGES.map((pattern) => pattern.exec(fact)?.[1]).find((found) => found !== undefined);
  return age === undefined ? undefined : Number(age);
}
