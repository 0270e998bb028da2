/** Instructions for raters. */
export interface RatingGuide {
  /** What to do, in a sentence or two. */
  readonly task: string;
  /** What to consider; one rating covers all of it. */
  readonly aspects: readonly string[];
  /** What each rating means, from 1 to 5. */
  readonly scale: readonly string[];
}

/**
 * The built-in instructions: style, topic and manner on a scale of 1-5, as in the paper (Wu et al. 2024, arXiv
 * 2410.03642). The wording is that of the judge's prompt, so that both rate the same thing.
 */
export const ratingGuide: RatingGuide = {
  task: 'Rate how well a reply suits one particular user. Read who the user is, then the conversation, then the reply to its last message.',
  aspects: [
    "Style: its tone suits the user's character.",
    "Topic: it takes up what matters in this user's life, as far as the conversation gives cause.",
    'Manner: it talks like a person, engages the user and is short.',
  ],
  scale: [
    'would put this user off, or talks past them',
    'misses this user in style or topic',
    'would do for anybody',
    'suits this user in most ways',
    'could come from a close friend of this user',
  ],
};
