import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { saveRatingKey } from '../agreement/rating-key.ts';
import { writeRatingPage } from '../agreement/rating-page.ts';
import { ratingSheetCsv } from '../agreement/ratings-csv.ts';
import { sampleForRating } from '../agreement/sample-for-rating.ts';
import { InvalidOptionError } from '../errors.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { checkWritable } from './check-writable.ts';
import { readNumber } from './read-number.ts';
import { seedArg } from './seed-arg.ts';
import { defineVerb, type Verb } from './verb.ts';

export const rateSampleCommand: Verb = defineVerb({
  args: {
    evaluation: {
      type: 'positional',
      description: 'Evaluation files, as saveEvaluation() or aloe evaluate write them.',
    },
    count: { type: 'string', valueHint: 'N', default: '100', description: 'Number of responses to rate.' },
    seed: { ...seedArg, default: '0' },
    out: {
      type: 'string',
      default: 'rating',
      valueHint: 'DIR',
      description: 'Directory for the page, the table and the key.',
    },
  },
  many: true,
  examples: [
    {
      words: 'rate sample bare.json tuned.json --count 200',
      what: 'Raters see 200 responses of two candidates, without names and scores.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. Run the same command again.',
  async run({ args, words }) {
    const count = readNumber('count', args.count, { min: 1, whole: true });
    const seed = readNumber('seed', args.seed, { min: 0, whole: true });
    const [page, table, key] = ['rate.html', 'rate.csv', 'key.json'].map((name) => join(args.out, name)) as [
      string,
      string,
      string,
    ];
    await checkWritable('out', page);
    const sample = sampleForRating(await Promise.all(words.map(readEvaluation)), { count, seed });
    const found = [table, key].find((path) => existsSync(path));
    if (found !== undefined) {
      throw new InvalidOptionError(`There is a sample already: ${found}. It may hold ratings.`, {
        hint: 'Name another directory with --out DIR, or remove the sample first.',
      });
    }
    await saveRatingKey(sample.key, key);
    await writeRatingPage(sample.sheet, page);
    await writeFileAtomic(table, ratingSheetCsv(sample.sheet));
    const responses = sample.sheet.items.length;
    return {
      text: `${responses} responses. Give raters one of: ${page}, ${table}\nKeep from raters: ${key}`,
      json: { responses, page, table, key },
    };
  },
});
