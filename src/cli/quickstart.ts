import { join } from 'node:path';
import { saveConversations } from '../conversations/conversation-files.ts';
import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../conversations/conversation-tree-builder.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import { aloeCases } from '../evaluation/aloe-cases.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import { oracle } from '../evaluation/baselines/oracle.ts';
import { saveEvaluation } from '../evaluation/evaluation-file.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { Judge } from '../evaluation/judge.ts';
import { resultsTable } from '../evaluation/results-table.ts';
import { describeGaps } from '../evaluation/score-gaps.ts';
import { sample, seededRandom } from '../internal/random.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { PersonaPool } from '../personas/persona-pool.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import { trlDpo } from '../preferences/formats/trl-dpo.ts';
import { trlSft } from '../preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../preferences/preference-exporter.ts';
import { preferenceRecords } from '../preferences/records.ts';
import { openRun, type Run } from '../runs/run.ts';
import { createStatusLine, duration, shortNumber } from './terminal.ts';

export interface QuickstartOptions {
  readonly out: string;
  readonly model: ChatModel;
  readonly judge: Judge;
  readonly embedder: Embedder;
  /** Profiles to grow beyond the seeds. */
  readonly profiles: number;
  readonly personas: number;
  readonly turns: number;
  readonly cases: number;
  readonly seed: number;
  /** How often a failed call is sent again. */
  readonly retries: number;
  /** Of the simulated users' messages. Default: the library's own. */
  readonly userTemperature?: number | undefined;
  /** Told with the results. */
  readonly note: string;
  readonly signal: AbortSignal;
}

/** Room for a small model's two or three sentences. */
const SHORT_MESSAGES = { maxOutputTokens: 80 } as const;
const SHORT_RESPONSES = { maxOutputTokens: 120 } as const;

/** The whole road once, small: what `aloe quickstart` does. Everything it makes lies in the run folder. */
export async function quickstart(options: QuickstartOptions): Promise<void> {
  const { out, model, embedder, seed, turns, signal } = options;
  const userMessages = { ...SHORT_MESSAGES, temperature: options.userTemperature };
  const start = performance.now();
  const status = createStatusLine();
  let stage = '';
  const run: Run = await openRun(out, {
    seed,
    retry: { retries: options.retries },
    onEvent(event) {
      if (event.type === 'call-retry') status.update(`  ${event.error} Again in ${duration(event.waitMs)}.`);
      if (event.type !== 'call-end') return;
      const { calls, replayed, usage } = run.stats();
      const tokens = shortNumber(usage.inputTokens + usage.outputTokens);
      status.update(
        `  ${stage}: ${calls} calls made, ${replayed} replayed, ${tokens} tokens, ${duration(performance.now() - start)}`,
      );
    },
  });
  const say = (text: string) => {
    status.clear();
    console.log(text);
  };

  try {
    say('\nPersonas');
    stage = 'growing the pool';
    const pool = await PersonaPool.grow({
      run,
      model,
      embedder,
      profiles: seedProfiles.length + options.profiles,
      personalities: seedPersonalities.length + Math.ceil(options.profiles / 2),
      candidatesPerCall: 2,
      callsPerWave: 1,
      maxCalls: Math.max(1, 2 * options.profiles),
      maxOutputTokens: 700,
      signal,
    });
    await pool.save(join(out, 'personas.json'));
    say(describePool(pool));

    say('\nConversations');
    stage = 'playing conversations';
    const personas = sample(
      pool.personas({ personalitiesPerProfile: 1 }),
      options.personas,
      seededRandom(seed),
    );
    const builder = new ConversationTreeBuilder({
      run,
      roles: model,
      turns,
      userMessages,
      responses: SHORT_RESPONSES,
      order: 'input',
      onEvent(event) {
        if (event.type === 'conversation-end') say(describeConversation(event.tree, turns));
      },
    });
    const trees: ConversationTree[] = [];
    async function* kept(): AsyncGenerator<ConversationTree> {
      for await (const tree of saveConversations(
        builder.build(personas, { signal }),
        join(out, 'conversations.jsonl'),
      )) {
        trees.push(tree);
        yield tree;
      }
    }
    const exporter = new PreferenceExporter({ formats: [trlSft(), trlDpo()], keepTruncated: true, seed });
    const manifest = await exporter.write(kept(), join(out, 'data'), { signal });
    for (const { name, rows } of manifest.files) say(`  ${join(out, 'data', name)}: ${rows} rows`);

    say('\nEvaluation');
    stage = 'evaluating';
    const evaluator = new AloeEvaluator({
      run,
      user: model,
      judge: options.judge,
      cases: sample(aloeCases(), options.cases, seededRandom(seed)),
      turns,
      userMessages,
      response: SHORT_RESPONSES,
    });
    const bare = await evaluator.evaluate({ name: 'bare', model }, { signal });
    await saveEvaluation(bare, join(out, 'evaluation-bare.json'));
    const told = await evaluator.evaluate(oracle(model, { name: 'told the persona' }), { signal });
    await saveEvaluation(told, join(out, 'evaluation-told.json'));

    const report = describeResults([bare, told], trees, options.note);
    await writeFileAtomic(join(out, 'report.md'), report);
    say(`\n${report}`);
    const { calls, replayed, usage } = run.stats();
    say(
      `${calls} model calls were made and ${replayed} replayed in ${duration(performance.now() - start)}; ` +
        `${usage.inputTokens} tokens in, ${usage.outputTokens} out.\nEverything is in ${out}; run the same command again to replay it.`,
    );
  } finally {
    status.clear();
    await run.close();
  }
}

function describePool(pool: PersonaPool): string {
  const { profiles, personalities } = pool.size;
  const lines = [`  ${profiles} profiles and ${personalities} personalities`];
  for (const kind of ['profiles', 'personalities'] as const) {
    const outcome = pool.growth?.outcomes[kind];
    if (outcome === undefined) continue;
    const { candidates, rejections, unusable, stopped } = outcome;
    lines.push(
      `  ${kind}: ${candidates} candidates, ${rejections.length} of them too similar, ${unusable.length} replies or parts unusable (end: ${stopped})`,
    );
  }
  return lines.join('\n');
}

function describeConversation(tree: ConversationTree, turns: number): string {
  const played = [...decisionPoints(tree)].length;
  const why = tree.failures.map(
    ({ turn, role, message }) => ` Stopped at turn ${turn} (${role}): ${message}`,
  );
  return `  ${tree.id}: ${played} of ${turns} turns.${why.join('')}`;
}

function describeResults(
  results: readonly EvaluationResult[],
  trees: readonly ConversationTree[],
  note: string,
): string {
  const gaps = results.flatMap((result) => {
    const lines = describeGaps(result);
    return lines.length === 0 ? [] : [`${result.candidate.name}:${lines.join('\n')}`];
  });
  return [resultsTable(results), ...gaps, describePair(trees), note]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** One pair in which the preferred model was told something. */
function describePair(trees: readonly ConversationTree[]): string {
  for (const tree of trees) {
    for (const { context, chosen, rejected, provenance } of preferenceRecords(tree)) {
      if (provenance.revealed.length === 0 || chosen === rejected) continue;
      return [
        'One preference pair:',
        `  user       ${context.at(-1)?.content}`,
        `  preferred  ${chosen.replaceAll('\n', ' ')}`,
        `  rejected   ${rejected.replaceAll('\n', ' ')}`,
      ].join('\n');
    }
  }
  return '';
}
