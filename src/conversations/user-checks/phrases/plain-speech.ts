/** Quotations in the marks of several languages. What somebody quotes is not what they say. */
const QUOTED =
  /"[^"]{0,400}"|“[^“”]{0,400}”|„[^„“”"]{0,400}[“”"]|«[^«»]{0,400}»|»[^«»]{0,400}«|「[^「」]{0,400}」|『[^『』]{0,400}』/gu;
/** Code between backticks. */
export const CODE: RegExp = /```[\s\S]{0,4000}?```|`[^`\n]{0,400}`/gu;

/** A text without its quotations and code. */
export function withoutQuotations(text: string): string {
  return text.replace(CODE, ' ').replace(QUOTED, ' ');
}

/** What a text says in its own voice, in lower case, with straight apostrophes and without quotations and code. */
export function plainSpeech(text: string): string {
  return withoutQuotations(text)
    .replace(/[’‘]/g, "'")
    .replace(/[^\S\n]{2,}|[^\S\n ]/g, ' ')
    .toLowerCase();
}
