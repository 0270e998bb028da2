/** A message as chat templates take it; roles are the template's own. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
}

/** Counts as the model will. One file beside this one for each provider; bring your own the same way. */
export interface Tokenizer {
  /** Names the vocabulary in reports. */
  readonly id: string;
  /**
   * Tokens of a conversation as the model's chat template writes it. Where the last message is not the assistant's, the
   * header of its answer is counted too, as trainers do for a prompt.
   *
   * @throws What the template or the library throws: for example when it knows no system role.
   */
  countTokens(messages: readonly TemplateMessage[]): Promise<number>;
}

/** Whether a template has to write the header of the assistant's next message. */
export function awaitsAnswer(messages: readonly TemplateMessage[]): boolean {
  return messages.at(-1)?.role !== 'assistant';
}

/** What is counted where a model has no chat template. */
export function joinTexts(messages: readonly TemplateMessage[]): string {
  return messages.map(({ content }) => content).join('\n');
}
