/**
 * Records the study of the demo: plays it with a large language model and writes every answer, by its place, to
 * `src/demo/recording.json`.
 *
 *   node tools/record-demo.ts --model NAME --base-url URL [--user-url URL] [--inducer-url URL] [--preferred-url URL]
 *     [--rejected-url URL] [--candidate-url URL] [--adaptive-url URL] [--judge-url URL] [--date 2026-11] [--dir runs/record-demo]
 *     [--seats 'who answered what']
 *
 * All seats have the same model. Each may have an address of its own. The base URL serves the others; that of the inducer also
 * grows the pool, and that of the candidate is also the default for `--adaptive-url`. `--seats` says in the recording what the
 * seats shared, such as a context that remembers its other requests. Run it again to resume. `OPENAI_API_KEY` is sent if it is set.
 */
import { parseArgs } from 'node:util';
import { playStudy, type StudyModels } from '../src/demo/play-study.ts';
import type { Recording } from '../src/demo/recording.ts';
import { DEMO_SEED } from '../src/demo/study.ts';
import { lexicalEmbedder } from '../src/embeddings/lexical.ts';
import { type ChatModel, memoryRun, openRun } from '../src/index.ts';
import { writeFileAtomic } from '../src/internal/write-file.ts';
import { openaiCompatible } from '../src/models/openai-compatible.ts';
import { formatPlace } from '../src/models/place.ts';
import { storedAnswersOf } from '../src/runs/stored-answers.ts';

const url = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'large-language-model' },
    'base-url': url,
    'user-url': url,
    'inducer-url': url,
    'preferred-url': url,
    'rejected-url': url,
    'candidate-url': url,
    'adaptive-url': url,
    'judge-url': url,
    date: { type: 'string', default: new Date().toISOString().slice(0, 7) },
    seats: { type: 'string', default: 'Calls share nothing but the model.' },
    dir: { type: 'string', default: 'runs/record-demo' },
    out: { type: 'string', default: 'src/demo/recording.json' },
  },
});

function seat(...urls: readonly (string | undefined)[]): ChatModel {
  const baseUrl = [...urls, values['base-url']].find((given) => given !== undefined);
  if (baseUrl === undefined) throw new Error('Give --base-url URL, or one for each seat.');
  const { OPENAI_API_KEY: apiKey } = process.env;
  return openaiCompatible(values.model, { baseUrl, apiKey, revision: 'recorded', timeoutMs: 7_200_000 });
}

const candidate = values['candidate-url'];
const models: StudyModels = {
  generator: seat(values['inducer-url']),
  user: seat(values['user-url']),
  inducer: seat(values['inducer-url']),
  preferred: seat(values['preferred-url']),
  rejected: seat(values['rejected-url']),
  bare: seat(candidate),
  adaptive: seat(values['adaptive-url'], candidate),
  judge: seat(values['judge-url']),
};
const embedder = lexicalEmbedder();

let done = 0;
const run = await openRun(values.dir, {
  seed: DEMO_SEED,
  concurrency: 400,
  onEvent(event) {
    if (event.type === 'call-end') console.error(`${++done} ${event.place && formatPlace(event.place)}`);
    if (event.type === 'call-retry' || event.type === 'call-error') console.error(event);
  },
});
await playStudy(run, models, { embedder });

// Once more, so that what is written is what the study asks for and nothing else.
const stored = storedAnswersOf(run)!;
const answers: Record<string, Recording['answers'][string]> = {};
const replayed = (model: ChatModel): ChatModel => ({
  id: model.id,
  async generate(request, { place } = {}) {
    const found = await stored.find(model, request, place);
    if (found === undefined) throw new Error(`No answer for ${formatPlace(place!)}.`);
    const { text, usage, finishReason } = found;
    const { inputTokens, outputTokens } = usage;
    if (finishReason !== 'stop') throw new Error(`${formatPlace(place!)} ended with ${finishReason}.`);
    answers[formatPlace(place!)] = [text, inputTokens, outputTokens];
    return { text, usage, finishReason };
  },
});
const again = Object.fromEntries(
  Object.entries(models).map(([name, model]) => [name, replayed(model)]),
) as unknown as StudyModels;
const { trees, evaluations } = await playStudy(memoryRun({ seed: DEMO_SEED }), again, { embedder });
await run.close();

const failures = [...trees, ...evaluations.flatMap(({ cases }) => cases)].flatMap((played) =>
  'failures' in played ? played.failures : (played.failure ?? []),
);
for (const failure of failures) console.error('failed', failure);
const recording: Recording = {
  schema: 'aloe-demo/1',
  about: `${Object.keys(answers).length} answers, all by one large language model; none was edited. ${values.seats}`,
  date: values.date,
  answers: Object.fromEntries(Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1))),
};
await writeFileAtomic(values.out, oneAnswerPerLine(recording));
console.log(`${values.out}: ${Object.keys(answers).length} answers, ${failures.length} failures`);

function oneAnswerPerLine({ answers, ...head }: Recording): string {
  const lines = Object.entries(answers).map(
    ([place, answer]) => `${JSON.stringify(place)}: ${JSON.stringify(answer)}`,
  );
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "answers": {\n${lines.join(',\n')}\n}}\n`;
}
