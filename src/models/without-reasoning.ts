/**
 * A model's words without its reasoning, which some servers leave in the text between `<think>` and `</think>`; others
 * leave out the opening. Empty when the model was cut while it still reasoned.
 */
export function withoutReasoning(text: string): string {
  return text.replace(/^[\s\S]*<\/think>/, '').replace(/^\s*<think>[\s\S]*$/, '');
}
