import type { Message } from '../messages.ts';
import type { RatingGuide } from './rating-guide.ts';

/** One response to rate, as a rater sees it. */
export interface RatingItem {
  /** Unique across sheets: `<sheet>-001`. */
  readonly id: string;
  /** Facts about the user. */
  readonly facts: readonly string[];
  /** The user's personality traits. */
  readonly traits: readonly string[];
  /** The conversation so far. It ends with the user message that the response answers. */
  readonly conversation: readonly Message[];
  /** The response to rate. */
  readonly response: string;
}

/**
 * What raters get, as plain JSON-safe data. It does not reveal candidates or scores. `writeRatingPage` and
 * `ratingSheetCsv` turn it into a form to fill in.
 */
export interface RatingSheet {
  /** Version of this structure. */
  readonly schema: 'aloe-rating-sheet/1';
  /** Version of this package. */
  readonly version: string;
  /** Hash of the items: equal sheets have equal ids. */
  readonly id: string;
  /** Instructions for raters. */
  readonly guide: RatingGuide;
  /** In random order. */
  readonly items: readonly RatingItem[];
}
