import type { LockedPrompt } from '../models/locked-prompt.ts';

/** Instructions for raters. */
export interface RatingGuide {
  /** What to do, in a sentence or two. */
  readonly task: string;
  /** What to consider; one rating covers all of it. */
  readonly aspects: readonly string[];
  /** What each rating means, from 1 to 5. */
  readonly scale: readonly string[];
}

const TASK =
  'Rate how well a reply suits one particular user. Read who the user is, then the conversation, then the reply to its last message.';

/**
 * The instructions for responses that were judged by aspects, or by a judge without a model: tone, form and uptake, in one
 * rating from 1 to 5. The wording is that of `judgeAspectsPrompt`, so that both rate the same thing.
 */
export const ratingGuide: RatingGuide = {
  task: `${TASK} Judge as this user would, not by what is polite or usual.`,
  aspects: [
    'tone: how it speaks, with what warmth, humour, directness and formality.',
    'form: its length, layout and plainness. Long is right for a user who wants much, short for one who wants little. Where the statements are silent, the message decides.',
    'uptake: whether it takes up what the last message says and wants, at the level of what this user knows.',
  ],
  scale: [
    'It fails them: it misses what they said or wanted, or it would hurt or insult them.',
    'It bothers them: it takes up their message, but its tone or form is more against their taste than for it, however clever, warm or useful it is.',
    'It would do for anybody: it takes up their message, but is not shaped to them, and nothing in it bothers them. The same if what suits and what bothers them weigh alike.',
    'It suits them: it is shaped to their taste in part, or altogether but for a small lapse that they would overlook.',
    'This is how they want to be answered. It takes up their message, and nothing in it is against their taste.',
  ],
};

/**
 * The instructions for responses that were judged by the paper's rubric (Wu et al. 2024, arXiv 2410.03642): style, topic and
 * manner, in one rating from 1 to 5. The wording is that of `judgePrompt`.
 */
export const paperRatingGuide: RatingGuide = {
  task: TASK,
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

/** Name of a guide: that of the rubric whose words it has. */
type GuideName = 'aspects' | 'paper';

/** The guides by name. */
export const GUIDES: Readonly<Record<GuideName, RatingGuide>> = {
  aspects: ratingGuide,
  paper: paperRatingGuide,
};

/** The guide that says what a judge was told. */
export function guideOf(prompts: readonly LockedPrompt[]): GuideName {
  return prompts.some(({ name }) => name.startsWith('judge@')) ? 'paper' : 'aspects';
}
