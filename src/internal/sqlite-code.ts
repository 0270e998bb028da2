/** SQLite's words for the result codes that matter here. SQLITE_ERROR (1) is what a statement returns that does not match the tables. */
const CODES: readonly (readonly [words: RegExp, code: number])[] = [
  [/^database is locked/, 5],
  [/^database disk image is malformed/, 11],
  [/^file is not a database/, 26],
  [/^no such table/, 1],
];

/** The result code of an error of `node:sqlite`; 0 if it has none. Deno gives only the words (seen in 2.9). */
export function sqliteCode(error: unknown): number {
  const { errcode, message = '' } = error as { readonly errcode?: number; readonly message?: string };
  // The upper bytes of an extended code only refine it.
  if (errcode !== undefined) return errcode & 0xff;
  return CODES.find(([words]) => words.test(message))?.[1] ?? 0;
}
