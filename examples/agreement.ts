/**
 * Measures how well a judge agrees with human raters. First it samples responses of an evaluation, as a page and a table
 * for raters. Then it takes the key and the files they filled in, and prints the agreement.
 *
 *   npx tsx examples/agreement.ts runs/evaluate/bare.json
 *   npx tsx examples/agreement.ts runs/agreement/key.json ratings-Ann.json Bob.csv
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { readEvaluation } from 'aloe-align';
import {
  agreement,
  describeAgreement,
  ratingSheetCsv,
  readRatingKey,
  readRatings,
  readRatingsCsv,
  sampleForRating,
  saveRatingKey,
  writeRatingPage,
} from 'aloe-align/agreement';

const [file, ...ratingFiles] = process.argv.slice(2);
if (file === undefined) {
  console.error('Name the file of an evaluation: examples/evaluate.ts makes some.');
  process.exit(1);
}

if (ratingFiles.length === 0) {
  const evaluation = await readEvaluation(file);
  const scored = evaluation.levels.reduce((sum, level) => sum + level.scored, 0);
  const { sheet, key } = sampleForRating([evaluation], { count: Math.min(100, scored), seed: 7 });
  await mkdir('runs/agreement', { recursive: true });
  await writeRatingPage(sheet, 'runs/agreement/rate.html');
  await writeFile('runs/agreement/rate.csv', ratingSheetCsv(sheet));
  await saveRatingKey(key, 'runs/agreement/key.json');
  console.log(`${sheet.items.length} responses to rate. Give raters runs/agreement/rate.html, or rate.csv.`);
  console.log(
    'Do not give raters runs/agreement/key.json: it has the candidates and the scores of the judge.',
  );
} else {
  const ratings = await Promise.all(
    ratingFiles.map((path) => (path.endsWith('.csv') ? readRatingsCsv(path) : readRatings(path))),
  );
  const key = await readRatingKey(file);
  console.log(describeAgreement(agreement({ key, ratings })));
}
