/**
 * What a program does with servers and files, for the runtimes that are not Node: it prints the same everywhere. Its
 * argument is the base URL of a server that answers by the name of the model.
 */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { AloeEvaluator, aloeCases, ConversationTreeBuilder, openRun, pairPersona } from 'aloe-align';
import { openaiEmbedder } from 'aloe-align/embeddings/openai';
import { openai } from 'aloe-align/models/openai';
import { openaiCompatible } from 'aloe-align/models/openai-compatible';
import { writeReport } from 'aloe-align/report';
import { rows } from 'aloe-align/rows';

const baseUrl = process.argv[2]!;
const place = { task: 'check', subject: 'all', role: 'any' };
const request = { messages: [{ role: 'user', content: 'Grüße 🌧' }] } as const;

/** What two providers do with a server, or the error. */
async function outcome(name: string, timeoutMs = 20_000, signal?: AbortSignal): Promise<unknown[]> {
  const models = [openai(name, { baseUrl, timeoutMs }), openaiCompatible(name, { baseUrl, timeoutMs })];
  return Promise.all(
    models.map(async (model) => {
      try {
        const { text, finishReason, usage, served } = await model.generate(request, { signal });
        return { text, finishReason, usage, served };
      } catch (error) {
        const { code, status, retryable, message, name: kind } = error as Record<string, unknown>;
        const readable = String(message)
          .replaceAll(baseUrl, '')
          .replace(/127\.0\.0\.1:\d+/g, 'host');
        return { code, status, retryable, message: readable, kind };
      }
    }),
  );
}

const abort = new AbortController();
setTimeout(() => abort.abort(new Error('enough')), 100);
const talks = {
  good: await outcome('good'),
  refused: await outcome('refused'),
  moved: await outcome('moved'),
  zipped: await outcome('zipped'),
  large: await outcome('large'),
  silent: await outcome('silent', 200),
  aborted: await outcome('silent', 20_000, abort.signal),
};

const vectors = await openaiEmbedder('any', { baseUrl, dimensions: 3 }).embed(['one', 'two']);

async function study(dir: string) {
  const run = await openRun(dir, { seed: 7 });
  const teacher = openaiCompatible('teacher', { baseUrl, revision: 'r1' });
  const persona = pairPersona({ id: 'p', facts: ['Keeps bees'] }, { id: 'q', traits: ['Dry wit'] });
  const builder = new ConversationTreeBuilder({ run, roles: teacher, turns: 2 });
  const trees = await Array.fromAsync(builder.build([persona]));
  const evaluator = new AloeEvaluator({
    run,
    user: teacher,
    judge: teacher,
    cases: aloeCases({ count: 2 }),
    turns: 2,
  });
  const result = await evaluator.evaluate(teacher);
  const again = await run.model(teacher).generate(request, { place });
  const { calls, replayed } = run.stats();
  await run.close();
  await writeReport({ evaluations: [result], conversations: trees }, `${dir}/report.html`);
  return { calls, replayed, pairs: rows(trees, 'pairs'), turns: rows(result, 'turns'), again: again.text };
}

const dir = process.argv[3]!;
const first = await study(dir);
const second = await study(dir);
const locked = await openRun(dir);
const conflict = await openRun(dir).catch((error: { code: string }) => error.code);
await locked.close();

// A run whose journal was damaged, as a crash of the machine can leave it.
const journal = await readFile(`${dir}/journal.sqlite`);
journal.fill(0xaa, Math.min(4_096, journal.length - 512), journal.length);
await cp(dir, `${dir}-damaged`, { recursive: true });
await writeFile(`${dir}-damaged/journal.sqlite`, journal);
const events: string[] = [];
const damaged = await openRun(`${dir}-damaged`, { onEvent: ({ type }) => events.push(type) });
await damaged.close();

console.log(
  JSON.stringify({
    talks,
    vectors: vectors.map((vector) => Array.from(vector, (value) => value.toFixed(3))),
    first,
    replayed: { calls: second.calls, same: JSON.stringify(second.turns) === JSON.stringify(first.turns) },
    conflict,
    events,
  }),
);
