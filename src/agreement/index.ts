export { type AgreementOptions, type AgreementResult, agreement } from './agreement.ts';
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
