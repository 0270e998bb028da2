import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import { lexicalEmbedder } from '../embeddings/lexical.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Personality, Profile } from '../personas/persona.ts';
import { recordedModel } from './recorded-model.ts';
import type { Recording } from './recording.ts';
import { DEMO_POOL, DEMO_SEED, DEMO_TURNS, demoCases } from './study.ts';

/** A small recorded study. With these options, the library plays it without calling a model. */
export interface Demo {
  /** Answers for every role, from the recording. What a prompt says makes no difference; where it is asked does. */
  readonly model: ChatModel;
  /** Seed of the run. */
  readonly seed: number;
  /** Options of `PersonaPool.grow`, beside `run` and `model`. */
  readonly pool: {
    readonly embedder: Embedder;
    readonly seeds: {
      readonly profiles: readonly Profile[];
      readonly personalities: readonly Personality[];
    };
    readonly profiles: number;
    readonly personalities: number;
    readonly entriesPerCall: number;
  };
  /** Turns of a conversation and of a case. */
  readonly turns: number;
  /** The cases that the candidates `bare` and `adaptive` were evaluated on. */
  readonly cases: readonly BenchmarkCase[];
  /** Where the answers are from. */
  readonly recorded: {
    /** Number of answers. */
    readonly answers: number;
    /** Year and month, such as `2026-11`. */
    readonly date: string;
  };
}

/**
 * Opens the study that ships with the package: 12 conversations of three turns, and two candidates on 12 cases. Every text in
 * it was written, and every score given, by one large language model, whose answers are not independent of each other:
 * docs/demo.md says how they came about. No network, key or weights are needed.
 *
 * A call that is not part of the study throws RunStorageError, which says what was asked.
 *
 * @example
 * ```ts
 * import { AloeEvaluator, ConversationTreeBuilder, openRun, PersonaPool } from 'aloe-align';
 * import { adaptive } from 'aloe-align/adaptive';
 * import { openDemo } from 'aloe-align/demo';
 *
 * const { model, seed, pool, turns, cases } = await openDemo();
 * const run = await openRun('runs/demo', { seed });
 * const grown = await PersonaPool.grow({ run, model, ...pool });
 * const builder = new ConversationTreeBuilder({ run, roles: model, turns });
 * const trees = await Array.fromAsync(builder.build(grown.personas({ personalitiesPerProfile: 1 })));
 * const evaluator = new AloeEvaluator({ run, user: model, judge: model, cases, turns });
 * const bare = await evaluator.evaluate({ name: 'bare', model });
 * const adapted = await evaluator.evaluate({ name: 'adaptive', model: adaptive(model) });
 * ```
 */
export async function openDemo(): Promise<Demo> {
  const { default: file } = await import('./recording.json', { with: { type: 'json' } });
  // To TypeScript, each answer in the file is a list of texts and numbers.
  const recording = file as unknown as Recording;
  return {
    model: recordedModel(recording),
    seed: DEMO_SEED,
    pool: { embedder: lexicalEmbedder(), ...DEMO_POOL },
    turns: DEMO_TURNS,
    cases: demoCases(),
    recorded: { answers: Object.keys(recording.answers).length, date: recording.date },
  };
}
