/**
 * What gives a fault away in one language. Each entry is the source of a regular expression for lower-case text with
 * straight apostrophes and single spaces. Repetition is bounded, so that the time stays linear in the length of the text.
 *
 * A person asks an assistant for things, comforts friends, and may write games or prompts for a living. What they say in doing
 * so ("write a short message", "tell me more", "my character") does not belong here, even where it gives some faults away.
 */
export interface LanguagePhrases {
  /** Whether words are separated by spaces, so that an entry must match whole words. */
  readonly spaced: boolean;
  /** Formulas of chat assistants: praise for a question, disclaimers, surveys of both sides, closing offers. */
  readonly assistantVoice: readonly string[];
  /** Formulas with which a model steps out of a chat: "As an AI language model, …". An honest "I'm an AI" is none. */
  readonly modelVoice: readonly string[];
  /** Refusals of a request. What friends say too ("I can't come") does not belong here. */
  readonly refusal: readonly string[];
  /** What the other side says: offers of help, thanks for sharing, counsel, a service for what "you" need. */
  readonly roleReversal: readonly string[];
  /** What friends say too, but seldom several times in one message: advice, comfort, invitations to talk. */
  readonly counsel: readonly string[];
  /** Talk of the brief: its labels, its rules, its role. */
  readonly promptEcho: readonly string[];
  /** Labels of a brief. They count at the start of a line or sentence and before a colon. */
  readonly labels: readonly string[];
  /** Words before a name that is addressed: `hi`, `thank you`. */
  readonly greetings: readonly string[];
  /** Words that show that somebody speaks of themselves. */
  readonly firstPerson: readonly string[];
  /** Pronouns with which people speak of another person. */
  readonly thirdPerson: readonly string[];
}
