/**
 * Removes the reasoning that some servers leave in a reply, between `<think>` and `</think>`; a few omit the opening
 * tag. The result is empty if the reply was cut off during reasoning.
 */
export function withoutReasoning(text: string): string {
  return text.replace(/^[\s\S]*<\/think>/, '').replace(/^\s*<think>[\s\S]*$/, '');
}
