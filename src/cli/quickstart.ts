import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aloeCases } from '../benchmark/aloe-cases.ts';
import { teeConversations } from '../conversations/conversation-files.ts';
import type { ConversationTree } from '../conversations/conversation-tree.ts';
import {
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from '../conversations/conversation-tree-builder.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import { describeEstimate } from '../estimate/describe-estimate.ts';
import { estimateRun } from '../estimate/estimate-run.ts';
import { replayGrowth } from '../estimate/replay-growth.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import { oracle } from '../evaluation/baselines/oracle.ts';
import { saveEvaluation } from '../evaluation/evaluation-file.ts';
import type { AloeEvaluatorOptions } from '../evaluation/evaluator-options.ts';
import type { Judge } from '../evaluation/judge.ts';
import { missingScores } from '../evaluation/missing-scores.ts';
import type { OtherPersonaDraw } from '../evaluation/personal/draw-other.ts';
import { sample, seededRandom } from '../internal/random.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { PersonaPool } from '../personas/persona-pool.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import type { PromptedUsers } from '../pipeline/prompted-users.ts';
import { trlDpo } from '../preferences/formats/trl-dpo.ts';
import { trlSft } from '../preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../preferences/preference-exporter.ts';
import { writeReport } from '../report/render-report.ts';
import type { Budget } from '../runs/ledger.ts';
import type { Prices } from '../runs/prices.ts';
import { costInJson } from './cost.ts';
import { EXIT } from './exit-status.ts';
import { openCommandRun } from './open-command-run.ts';
import { showProgress } from './progress-display.ts';
import { describeConversation, describeCost, describePool, describeResults } from './quickstart-report.ts';
import { checkRebought } from './rebought.ts';
import { printError } from './terminal.ts';
import type { Outcome } from './verb.ts';

/** Options of {@link quickstart}. */
export interface QuickstartOptions {
  /** Run directory. If it is read-only, the files go to the temporary directory. */
  readonly out: string;
  /** Generates personas, writes responses and is evaluated. */
  readonly model: ChatModel;
  /** Plays the users. */
  readonly user: ChatModel;
  readonly judge: Judge;
  readonly embedder: Embedder;
  /** Profiles to generate beyond the seeds. */
  readonly profiles: number;
  readonly personas: number;
  readonly turns: number;
  readonly cases: number;
  readonly otherPersona: OtherPersonaDraw | false;
  readonly seed: number;
  /** Retries per call on transient errors. Default: the run's. */
  readonly retries?: number | undefined;
  readonly budget: Budget;
  readonly prices: Prices;
  /** How many calls may be bought again although the run holds answers for them. */
  readonly maxRebought: number;
  /** See `openRun`. Default: none. */
  readonly sameModel?: readonly string[] | undefined;
  /** How the simulated users are prompted and sampled. */
  readonly users: PromptedUsers;
  /** Printed with the results. Empty for none. */
  readonly note: string;
  /** The flags that a second run takes, with a space before each. */
  readonly resumeFlags: string;
  readonly signal: AbortSignal;
}

/** Two or three sentences, which is what a small model can write. */
const SHORT_RESPONSES = { maxOutputTokens: 120 } as const;

/** The work of `aloe quickstart`: the whole pipeline on a small scale. All files go to the run directory. */
export async function quickstart(options: QuickstartOptions): Promise<Outcome> {
  const { out, model, user, embedder, seed, turns, prices, signal } = options;
  const { prompt: userPrompt, userMessages } = options.users;
  const start = performance.now();
  const display = showProgress({ total: options.personas + 2 * options.cases, turns, prices });
  const run = await openCommandRun(
    out,
    {
      seed,
      budget: options.budget,
      prices,
      maxRebought: options.maxRebought,
      sameModel: options.sameModel,
      retry: { retries: options.retries },
    },
    display,
  );
  const { say } = display;
  const onStop = () => {
    display.stage = 'stopping';
    // Free calls abort at once; by the next tick only paid ones are left.
    setImmediate(() => {
      const { inFlight } = run.stats();
      if (inFlight > 0 && [model, user, ...(options.judge.models ?? [])].some(({ free }) => !free)) {
        printError(`Waiting for paid calls in flight: ${inFlight}.`);
      }
    });
  };
  signal.addEventListener('abort', onStop);

  try {
    const growth = {
      run,
      model,
      embedder,
      profiles: seedProfiles.length + options.profiles,
      personalities: seedPersonalities.length + Math.ceil(options.profiles / 2),
      entriesPerCall: 2,
      callsPerWave: 1,
      maxCalls: Math.max(1, 2 * options.profiles),
      maxOutputTokens: 700,
      signal,
    };
    const builderOptions: ConversationTreeBuilderOptions = {
      run,
      roles: { rolePlayer: user, inducer: model, preferred: model, rejected: model },
      turns,
      prompts: { rolePlayer: userPrompt },
      userMessages,
      responses: SHORT_RESPONSES,
      order: 'input',
      onEvent(event) {
        display.take(event);
        if (event.type === 'conversation-end') say(describeConversation(event.tree, turns));
      },
    };
    const evaluatorOptions: AloeEvaluatorOptions = {
      run,
      user,
      judge: options.judge,
      inducer: 'words',
      cases: aloeCases({ count: options.cases, seed }),
      otherPersona: options.otherPersona,
      turns,
      prompts: { user: userPrompt },
      userMessages,
      responses: SHORT_RESPONSES,
      onEvent: display.take,
    };
    const candidates = {
      bare: { name: 'bare', model },
      told: oracle(model, { name: 'told the persona' }),
    };
    const pick = (pool: PersonaPool) =>
      sample(pool.personas({ personalitiesPerProfile: 1 }), options.personas, seededRandom(seed));
    // Refuses weights that may be new, before anything is said of stored answers.
    for (const own of [model, user, ...(options.judge.models ?? [])]) run.model(own);
    const stored = (await replayGrowth(growth))?.pool;
    const estimate = await estimateRun({
      growth,
      conversations: { ...builderOptions, personas: stored ? pick(stored) : options.personas },
      evaluation: { ...evaluatorOptions, candidates: Object.values(candidates) },
      prices,
    });
    say(describeEstimate(estimate));
    checkRebought(estimate, options.maxRebought, out);
    const files = run.readOnly ? await mkdtemp(join(tmpdir(), 'aloe-quickstart-')) : out;

    say('\nPersonas');
    display.stage = 'personas';
    const pool = await PersonaPool.grow(growth);
    await pool.save(join(files, 'personas.json'));
    say(describePool(pool));

    say('\nConversations');
    display.stage = 'conversations';
    const personas = pick(pool);
    if (personas.length < options.personas) {
      say(`  ${personas.length} personas instead of ${options.personas}: the pool has no more profiles.`);
    }
    const builder = new ConversationTreeBuilder(builderOptions);
    const trees: ConversationTree[] = [];
    async function* recorded(): AsyncGenerator<ConversationTree> {
      for await (const tree of teeConversations(
        builder.build(personas, { signal }),
        join(files, 'conversations.jsonl'),
      )) {
        trees.push(tree);
        yield tree;
      }
    }
    const exporter = new PreferenceExporter({ formats: [trlSft(), trlDpo()], keepTruncated: true, seed });
    const manifest = await exporter.write(recorded(), join(files, 'data'), { signal });
    for (const { name, rows } of manifest.files) say(`  ${join(files, 'data', name)}: ${rows} rows`);

    say('\nEvaluation');
    display.stage = 'evaluation';
    const evaluator = new AloeEvaluator(evaluatorOptions);
    const bare = await evaluator.evaluate(candidates.bare, { signal });
    await saveEvaluation(bare, join(files, 'evaluation-bare.json'));
    const told = await evaluator.evaluate(candidates.told, { signal });
    await saveEvaluation(told, join(files, 'evaluation-told.json'));

    const report = describeResults([bare, told], trees, options.note);
    await writeFileAtomic(join(files, 'report.md'), report);
    const page = join(files, 'report.html');
    await writeReport({ evaluations: [bare, told], conversations: trees, title: 'Quickstart' }, page);
    const durationMs = performance.now() - start;
    say(`\n${describeCost(run.stats(), durationMs)}`);
    say(
      `All files are in ${files}. Run the same command again${options.resumeFlags ? ` with${options.resumeFlags}` : ''} to replay it without model calls.`,
    );
    const broken = trees.filter(({ failures }) => failures.length > 0).length;
    const missing = [bare, told].map(missingScores);
    const failed = broken > 0 || missing.some(({ responses }) => responses > 0);
    if (failed) {
      say(`Some conversations or cases failed (see above), so the exit status is ${EXIT.failed}.`);
    }
    return {
      text: `${report}\nReport (open it in a browser): ${page}`,
      json: {
        report: page,
        files,
        data: manifest.files.map(({ name, rows }) => ({ path: join(files, 'data', name), rows })),
        conversations: { count: trees.length, failed: broken },
        evaluations: [bare, told].map(({ candidate, average, statistics }, index) => ({
          ...candidate,
          average,
          interval: statistics.average,
          missing: missing[index],
        })),
        cost: costInJson(run.stats(), durationMs),
      },
      status: failed ? EXIT.failed : EXIT.done,
    };
  } finally {
    await run.close();
    signal.removeEventListener('abort', onStop);
    display.stop();
  }
}
