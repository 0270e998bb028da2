import type { ChatModel, EvaluationResult } from '../src/index.ts';
import { scriptedModel } from '../src/testing/index.ts';
import type { Manner } from './cues.ts';
import { type Benchmark, createEvaluator } from './measure.ts';
import { topicOf, write } from './scripted-teacher.ts';
import { nearestCue, nearestManner, trueManner } from './words.ts';

/**
 * Responders without a language model, to read the proof's table by. Each reads the cues that the person has sent so far,
 * and writes the teacher's sentences in these manners.
 */
const READERS: readonly { readonly name: string; readonly read: (cue: string) => Manner | null }[] = [
  { name: 'No model, reads nothing', read: () => null },
  { name: 'No model, nearest cue', read: nearestCue },
  { name: 'No model, nearest manner', read: nearestManner },
  { name: 'No model, knows every cue', read: trueManner },
];

/** Evaluates them, in order: the floor, two bags of words over the training cues, and the ceiling. */
export async function measureCueReaders(
  benchmark: Benchmark,
  signal: AbortSignal,
): Promise<EvaluationResult[]> {
  const evaluator = createEvaluator(benchmark);
  const results: EvaluationResult[] = [];
  for (const { name, read } of READERS) {
    results.push(await evaluator.evaluate({ name, model: cueReader(name, read) }, { signal }));
  }
  return results;
}

function cueReader(name: string, read: (cue: string) => Manner | null): ChatModel {
  return scriptedModel(
    ({ messages }) => {
      const said = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
      const known = new Set(said.flatMap((message) => read(cueOf(message)) ?? []));
      return write(known, topicOf(said.at(-1) ?? ''));
    },
    { id: `cue-reader@1:${name}` },
  );
}

/** What follows the sentence about the person: `About me: has two cats. <cue>`. */
function cueOf(message: string): string {
  return message.replace(/^About me: .+?[.](?: |$)/, '');
}
