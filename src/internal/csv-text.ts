/**
 * Where a formula could begin: at the start of a line or after a separator, also after white space, quotes and what cannot
 * be seen. A spreadsheet that expects another separator than the table's cuts cells at their lines and separators.
 */
const FORMULA =
  /((?:^|[,;\t\v\f\u0085])(?:(?![\t-\r\u0085\u2028\u2029])[\s\p{C}"'])*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫])/gmu;

/** Foreign text for a cell of a spreadsheet: an apostrophe stands wherever it could be taken for a formula. */
export function csvText(text: string): string {
  return text.replace(FORMULA, "$1'");
}
