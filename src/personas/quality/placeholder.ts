/** Blanks of templates: `{{name}}`, `{city}`, `<name>`, `[city]`, `[insert hobby]`, `___`. Footnotes such as `[1]` are none. */
const BLANK =
  /\{\s*[\p{L}_][\p{L}\p{N}_ .-]{0,40}\}|<[\p{L}_][\p{L}\p{N}_ -]{0,40}>|\[[\p{L}_][\p{L}\p{N}_ /'’-]{0,40}\]|_{3,}/u;
/** What authors leave for later. In capitals: "todo" is Spanish and Portuguese for "all". */
const LATER = /\b(?:TODO|TBD|FIXME|XXX+)\b|\b(?:[Ll]orem [Ii]psum|[Dd]olor [Ss]it [Aa]met)\b/;
const NUMBER = String.raw`(?:\d+|one|two|three|four|five|eins|zwei|drei|uno|dos|tres|un|deux|trois|[一二三四五])`;
/** A statement that is only the word for one, as in the format that the prompt shows: `fact two`. */
const ONLY_A_LABEL = new RegExp(
  String.raw`^["'“]?(?:fact|trait|statement|fakt|merkmal|eigenschaft|hecho|rasgo|fait|trait|事实|特征|特点)s?(?:\s*#?${NUMBER})?["'”]?[.:]?$`,
  'iu',
);

/** The first statement that still has a blank to fill in. Null if none has. */
export function findPlaceholder(statements: readonly string[]): string | null {
  return (
    statements.find(
      (statement) =>
        BLANK.test(statement) ||
        LATER.test(statement) ||
        statement.split('|').some((part) => ONLY_A_LABEL.test(part.trim())),
    ) ?? null
  );
}
