/**
 * What a model call is for. The place is part of the call's journal key and seed. Two samples of one prompt are
 * therefore two calls, and neither order nor concurrency changes what is sent.
 */
export interface CallPlace {
  /** Kind of work: `personas`, `conversations`, `evaluation`, or a name of your own. */
  readonly task: string;
  /** What the call is about: a persona, a case, a wave of generation. */
  readonly subject: string;
  /** Turn of the conversation, counted from 1; 0 outside conversations. Default 0. */
  readonly turn?: number | undefined;
  /** Role of the model: `role-player`, `inducer`, `judge`, … */
  readonly role: string;
  /** Sample or attempt, counted from 0. Default 0. */
  readonly sample?: number | undefined;
  /**
   * What the prompts of several calls have in common, if task, subject and role do not say it. Calls with the same task and
   * `prompt` extend the same text, so they go to the same cache: those of both responses to a conversation, for example. A
   * hint for the sender, and no part of the journal key or the seed. Default: the subject and the role.
   */
  readonly prompt?: string | undefined;
}

/** The place as one line, `task/subject/turn/role/sample`. Slashes in names are escaped, so every place is unique. */
export function formatPlace({ task, subject, turn = 0, role, sample = 0 }: CallPlace): string {
  return `${escaped(task)}/${escaped(subject)}/${escaped(turn)}/${escaped(role)}/${escaped(sample)}`;
}

function escaped(part: string | number): string {
  const text = String(part);
  // Most names have neither, and a call's place is written several times.
  return text.includes('/') || text.includes('%') ? text.replace(/[%/]/g, encodeURIComponent) : text;
}
