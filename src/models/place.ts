/**
 * Where in the work a model call stands. The place is part of the journal's key and of the call's seed, so two
 * samples of one prompt are two calls, and neither order nor concurrency can change what is asked.
 */
export interface CallPlace {
  /** The kind of work: `personas`, `conversations`, `evaluation`, or a name of yours. */
  readonly task: string;
  /** Whom or what the call is about: a persona, a case, a wave of generation. */
  readonly subject: string;
  /** Turn of the conversation, from 1; 0 outside conversations. Default 0. */
  readonly turn?: number | undefined;
  /** The part the model plays: `role-player`, `inducer`, `judge`, … */
  readonly role: string;
  /** Number of the sample or the attempt, from 0. Default 0. */
  readonly sample?: number | undefined;
}

/** The place as one line, `task/subject/turn/role/sample`. A slash in a name becomes `%2F`: no two places share a line. */
export function formatPlace({ task, subject, turn = 0, role, sample = 0 }: CallPlace): string {
  return [task, subject, turn, role, sample]
    .map((part) => String(part).replace(/[%/]/g, encodeURIComponent))
    .join('/');
}
