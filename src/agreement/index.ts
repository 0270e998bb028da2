export { type AgreementOptions, agreement } from './agreement.ts';
export type { AgreementResult } from './agreement-result.ts';
export { describeAgreement, paperKappa } from './agreement-table.ts';
export type { KappaEstimate, PairAgreement } from './pair-agreement.ts';
export { paperRatingGuide, type RatingGuide, ratingGuide } from './rating-guide.ts';
export { type RatingKey, type RatingKeyItem, readRatingKey, saveRatingKey } from './rating-key.ts';
export { writeRatingPage } from './rating-page.ts';
export type { RatingItem, RatingSheet } from './rating-sheet.ts';
export { type Rating, type Ratings, readRatings } from './ratings.ts';
export { type CsvDelimiter, ratingSheetCsv, readRatingsCsv } from './ratings-csv.ts';
export {
  type RatingSample,
  type SampleForRatingOptions,
  type Stratum,
  sampleForRating,
} from './sample-for-rating.ts';
