/** A message for a chat template. The roles are those that the template knows. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
}

/** Counts tokens as a model does, chat template included. */
export interface Tokenizer {
  /** Names the vocabulary in reports. */
  readonly id: string;
  /**
   * Number of tokens of a conversation in the model's chat template. If the last message is not the assistant's, the
   * header of its next message is counted too, as trainers do for a prompt.
   *
   * @throws whatever the template or library throws, for example when the template has no system role.
   */
  countTokens(messages: readonly TemplateMessage[]): Promise<number>;
}

/** Whether the template must add the header of the assistant's next message. */
export function awaitsAnswer(messages: readonly TemplateMessage[]): boolean {
  return messages.at(-1)?.role !== 'assistant';
}

/** The text to count when a model has no chat template. */
export function joinTexts(messages: readonly TemplateMessage[]): string {
  return messages.map(({ content }) => content).join('\n');
}
