/** What a terminal acts on, or what changes the order in which a text is read. */
export const UNSAFE_CHARACTERS: RegExp =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the pattern looks for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** The Markdown of a text that is in effect: without code spans and escaped characters. */
export function activeMarkdown(text: string): string {
  return text.replace(/\\[^\n]|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
}

/** HTML, code, links and images in {@link activeMarkdown}. */
export const MARKUP: RegExp = /[<`]|\](?:\(|:)|:\/\/|www\./;

/** An escape sequence for the clipboard, a cleared screen, a title in C1, and an override of the direction. */
export const HOSTILE: string = '\u001b]52;c;cm0=\u0007\u001b[2J\u009d0;x\u009c\u202e';
