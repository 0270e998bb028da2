/**
 * Where a formula could begin: at the start of a line, after white space, quotes and what cannot be seen; or after a
 * separator. A spreadsheet that expects another separator than the table's cuts cells at their lines and separators.
 */
const FORMULA = /(^(?:(?![\t\n\r\u2028\u2029])[\s\p{C}"'])*|[,;\t]["']*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫])/gmu;

/** Foreign text for a cell of a spreadsheet: an apostrophe stands wherever it could be taken for a formula. */
export function csvText(text: string): string {
  return text.replace(FORMULA, "$1'");
}
