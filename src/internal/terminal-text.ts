/** Commands with a text of their own, such as OSC 52, which fills the clipboard. Unfinished ones are not recognised. */
const STRING_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals act on these.
  /(?:\u001b[P\]X^_]|[\u0090\u0098\u009d-\u009f])[^\u0000-\u001f\u007f-\u009f]*(?:\u0007|\u001b\\|\u009c)/g;
/** Colours, cursor movements and all other commands. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals act on these.
const SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;
const LINE_END = /\r\n?|[\u0085\u2028\u2029]/g;
/** All but tab and line feed, and the marks that change the direction of writing. */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the pattern looks for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text that is safe to show: without escape sequences, control characters and bidirectional marks. Tabs and line breaks
 * stay; all line breaks become `\n`. A terminal would otherwise obey what a server, a model or a file name says.
 */
export function terminalText(text: string): string {
  return text.replace(STRING_SEQUENCE, '').replace(SEQUENCE, '').replace(LINE_END, '\n').replace(CONTROL, '');
}

/** JSON that is safe to show. It parses to the same value: control characters are escaped, not dropped. */
export function terminalJson(value: unknown): string {
  return JSON.stringify(value).replace(
    CONTROL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
