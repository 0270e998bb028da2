/**
 * Removes the reasoning that some servers leave in a reply, between `<think>` and `</think>`; a few omit the opening
 * tag. The result is empty if the reply was cut off during reasoning.
 */
export function withoutReasoning(text: string): string {
  // Nearly no text has a tag, and the search below goes through the whole of it.
  if (!text.includes('think>')) return text;
  return text.replace(/^[\s\S]*<\/think>/, '').replace(/^\s*<think>[\s\S]*$/, '');
}
