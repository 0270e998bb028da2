import type { Message } from '../messages.ts';
import type { RatingGuide } from './rating-guide.ts';

/** One response to be rated, as a rater sees it. */
export interface RatingItem {
  /** Opaque, and its own in all sheets: `<sheet>-001`. */
  readonly id: string;
  /** Facts about the user. */
  readonly facts: readonly string[];
  /** The user's traits of character. */
  readonly traits: readonly string[];
  /** The conversation so far, ending with the user message that is answered. */
  readonly conversation: readonly Message[];
  /** The response to be rated. */
  readonly response: string;
}

/**
 * What raters are given: nothing in it says who answered, or what the judge made of it. Plain data, JSON-safe.
 * `writeRatingPage` and `ratingSheetCsv` give it a form that people can fill in.
 */
export interface RatingSheet {
  readonly schema: 'aloe-rating-sheet/1';
  /** Version of this package. */
  readonly version: string;
  /** Follows from the items: equal sheets have equal ids. */
  readonly id: string;
  readonly guide: RatingGuide;
  /** In random order. */
  readonly items: readonly RatingItem[];
}
