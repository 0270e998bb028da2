import { join } from 'node:path';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { agreement } from '../agreement/agreement.ts';
import { describeAgreement } from '../agreement/agreement-table.ts';
import { readRatingKey, saveRatingKey } from '../agreement/rating-key.ts';
import { writeRatingPage } from '../agreement/rating-page.ts';
import { readRatings } from '../agreement/ratings.ts';
import { ratingSheetCsv, readRatingsCsv } from '../agreement/ratings-csv.ts';
import { sampleForRating } from '../agreement/sample-for-rating.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { checkArguments } from './check-arguments.ts';
import { guarded } from './guarded.ts';
import { print, printJson } from './terminal.ts';

const sampleArgs = {
  evaluation: {
    type: 'positional',
    description: 'Evaluation files, as saveEvaluation() or aloe evaluate write them.',
  },
  count: { type: 'string', default: '100', description: 'Number of responses to rate.' },
  seed: { type: 'string', default: '0', description: 'Random seed. Same seed, same choices.' },
  out: { type: 'string', default: 'rating', description: 'Directory for the page, the table and the key.' },
} as const satisfies ArgsDef;

const sample = defineCommand({
  meta: { name: 'sample', description: 'Sample responses for human raters, who do not see the judge.' },
  args: sampleArgs,
  run: ({ args }) =>
    guarded(async () => {
      checkArguments({ ...args, _: [] }, sampleArgs);
      const results = await Promise.all(args._.map(readEvaluation));
      const { sheet, key } = sampleForRating(results, {
        count: Number(args.count),
        seed: Number(args.seed),
      });
      const [page, table, keyFile] = ['rate.html', 'rate.csv', 'key.json'].map((name) =>
        join(args.out, name),
      );
      await saveRatingKey(key, keyFile!);
      await writeRatingPage(sheet, page!);
      await writeFileAtomic(table!, ratingSheetCsv(sheet));
      print(`${sheet.items.length} responses. Give raters one of: ${page}, ${table}`);
      print(`Keep from raters: ${keyFile}`);
    }, 'Interrupted. Run the same command again.'),
});

const agreeArgs = {
  key: {
    type: 'positional',
    description: 'The key.json of the sample, then the files that raters saved (.json or .csv).',
  },
  json: { type: 'boolean', description: 'Print one JSON object instead of tables.' },
} as const satisfies ArgsDef;

const agree = defineCommand({
  meta: {
    name: 'agree',
    description: 'Report agreement between the judge and the raters, and among raters.',
  },
  args: agreeArgs,
  run: ({ args }) =>
    guarded(async () => {
      checkArguments({ ...args, _: [] }, agreeArgs);
      const [key = '', ...files] = args._;
      const read = (path: string) => (/\.json$/i.test(path) ? readRatings(path) : readRatingsCsv(path));
      const ratings = await Promise.all(files.map(read));
      const result = agreement({ key: await readRatingKey(key), ratings });
      if (args.json) printJson(result);
      else print(describeAgreement(result));
    }, 'Interrupted. Nothing was changed.'),
});

export const rateCommand: CommandDef = defineCommand({
  meta: { name: 'rate', description: 'Compare a judge with human raters.' },
  subCommands: { sample, agree },
});
