/**
 * What `verifyPairs()` keeps of right and of swapped pairs, with judges that lean to the first position. The judge is a server
 * whose picks are drawn; all else is real.
 *
 *     node bench/verify-pairs.ts [pairs]
 */
import { openaiCompatible } from '../src/models/openai-compatible.ts';
import { memoryRun } from '../src/runs/run.ts';
import { VerdictTally } from '../src/verification/verdict-tally.ts';
import { verifyPairs } from '../src/verification/verify-pairs.ts';
import { type BiasedJudge, pairOf, startBiasedJudge } from '../test/verification/biased-judge.ts';
import { wilsonShare } from './wilson-share.ts';

const PAIRS = Number(process.argv[2] ?? 400);

/** Half of the pairs are swapped. */
async function measure(judge: BiasedJudge): Promise<string> {
  const server = await startBiasedJudge(judge);
  const trees = Array.from({ length: PAIRS }, (_, number) => pairOf(number, number % 2 === 0));
  const tally = new VerdictTally();
  const kept = { right: 0, swapped: 0 };
  let first = 0;
  let number = 0;
  const verified = verifyPairs(trees, {
    run: memoryRun({ concurrency: 32 }),
    judge: openaiCompatible('judge', { baseUrl: server.baseUrl }),
  });
  for await (const { root } of verified) {
    const { verdict } = root!;
    tally.add(verdict!);
    const isRight = number % 2 === 0;
    if (verdict!.winner === 'preferred') kept[isRight ? 'right' : 'swapped'] += 1;
    // What a single question would keep, with the preferred response first, as in the authors' code.
    if (!isRight && verdict!.orders[0]!.picked === 'preferred') first += 1;
    number += 1;
  }
  await server.close();
  const { consistent, leaning } = tally.result();
  const half = PAIRS / 2;
  return [
    judge.bias,
    judge.skill ?? 1,
    wilsonShare(kept.right, half),
    wilsonShare(kept.swapped, half),
    wilsonShare(first, half),
    wilsonShare(consistent.count, consistent.of),
    leaning ?? 'none',
  ].join(' | ');
}

console.log(
  '| bias | skill | right kept | swapped kept | swapped kept, asked once | same in both orders | lean |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const skill of [1, 0.85]) {
  for (const bias of [0, 0.3, 0.6, 1]) console.log(`| ${await measure({ bias, skill })} |`);
}
