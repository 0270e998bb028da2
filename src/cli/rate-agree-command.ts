import { agreement } from '../agreement/agreement.ts';
import { describeAgreement } from '../agreement/agreement-table.ts';
import { readRatingKey } from '../agreement/rating-key.ts';
import { readRatings } from '../agreement/ratings.ts';
import { readRatingsCsv } from '../agreement/ratings-csv.ts';
import { defineVerb, type Verb } from './verb.ts';

export const rateAgreeCommand: Verb = defineVerb({
  args: {
    key: { type: 'positional', required: true, description: 'The key.json of the sample.' },
    ratings: { type: 'positional', description: 'Files that raters saved (.json or .csv), one per rater.' },
  },
  many: true,
  examples: [
    {
      words: 'rate agree rating/key.json ratings-Ann.json ratings-Ben.csv',
      what: 'Kappa of the judge with each rater, with their median, and among raters.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. Nothing was changed.',
  async run({ args, words }) {
    const read = (path: string) => (/\.json$/i.test(path) ? readRatings(path) : readRatingsCsv(path));
    const ratings = await Promise.all(words.slice(1).map(read));
    const result = agreement({ key: await readRatingKey(args.key), ratings });
    return { text: describeAgreement(result), json: result };
  },
});
