import { memoryRun, resultsTable } from '../src/index.ts';
import { measureCueReaders } from './cue-readers.ts';
import { evaluationCases } from './people.ts';
import { measureOverlap } from './words.ts';

// How much of the proof a program without a model can do: `node proof/bag-of-words.ts`. It takes seconds. See docs/proof.md.

const SEED = 1;

const overlap = measureOverlap();
console.log('| manner | words in evaluation cues | not in a training cue | nearest cue | nearest manner |');
console.log('| --- | ---: | --- | ---: | ---: |');
for (const { manner, words, unseen, byCue, byManner, cues } of overlap) {
  const missing = unseen.join(', ') || 'none';
  console.log(`| ${manner} | ${words} | ${missing} | ${byCue}/${cues} | ${byManner}/${cues} |`);
}
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const cues = sum(overlap.map((each) => each.cues));
console.log(
  `| all | | | ${sum(overlap.map(({ byCue }) => byCue))}/${cues} | ${sum(overlap.map(({ byManner }) => byManner))}/${cues} |`,
);
const spoken = overlap.filter(({ manner }) => manner !== 'emoji');
const words = sum(spoken.map((each) => each.words));
const seen = words - sum(spoken.map(({ unseen }) => unseen.length));
console.log(`\nEmoji cues aside, ${seen} of ${words} words occur in a training cue of the same manner.\n`);

const run = memoryRun({ seed: SEED });
const benchmark = { run, cases: evaluationCases(100, SEED), turns: 5, onEvent: () => {} };
console.log(resultsTable(await measureCueReaders(benchmark, new AbortController().signal)));
await run.close();
