import { adaptive } from '../adaptive/adaptive.ts';
import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../conversations/conversation-tree-builder.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { PersonaPool } from '../personas/persona-pool.ts';
import type { Run } from '../runs/run.ts';
import { DEMO_POOL, DEMO_TURNS, demoCases } from './study.ts';

/** The model of each seat of the study. */
export interface StudyModels {
  readonly generator: ChatModel;
  readonly user: ChatModel;
  readonly inducer: ChatModel;
  readonly preferred: ChatModel;
  readonly rejected: ChatModel;
  readonly bare: ChatModel;
  /** Infers preferences and replies. */
  readonly adaptive: ChatModel;
  readonly judge: ChatModel;
}

/** What the study gives. */
export interface PlayedStudy {
  readonly pool: PersonaPool;
  /** One for each persona, in their order. */
  readonly trees: readonly ConversationTree[];
  /** Those of `bare` and `adaptive`. */
  readonly evaluations: readonly [EvaluationResult, EvaluationResult];
}

/** Plays the study of the demo: grows the pool, has its personas talk, and evaluates the two candidates. */
export async function playStudy(
  run: Run,
  models: StudyModels,
  { embedder, signal }: { readonly embedder: Embedder; readonly signal?: AbortSignal | undefined },
): Promise<PlayedStudy> {
  async function converse(): Promise<Pick<PlayedStudy, 'pool' | 'trees'>> {
    const pool = await PersonaPool.grow({ run, model: models.generator, embedder, ...DEMO_POOL, signal });
    const { user: rolePlayer, inducer, preferred, rejected } = models;
    const builder = new ConversationTreeBuilder({
      run,
      roles: { rolePlayer, inducer, preferred, rejected },
      turns: DEMO_TURNS,
      order: 'input',
    });
    const personas = pool.personas({ personalitiesPerProfile: 1 });
    return { pool, trees: await Array.fromAsync(builder.build(personas, { signal })) };
  }
  const { user, judge } = models;
  const evaluator = new AloeEvaluator({ run, user, judge, cases: demoCases(), turns: DEMO_TURNS });
  const [{ pool, trees }, bare, adapted] = await Promise.all([
    converse(),
    evaluator.evaluate({ name: 'bare', model: models.bare }, { signal }),
    evaluator.evaluate({ name: 'adaptive', model: adaptive(models.adaptive) }, { signal }),
  ]);
  return { pool, trees, evaluations: [bare, adapted] };
}
