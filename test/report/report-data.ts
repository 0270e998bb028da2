import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import type { ConversationTree, TurnNode } from '../../src/conversations/conversation-tree.ts';
import type { OrderVerdict, PairVerdict, PairWinner } from '../../src/conversations/pair-verdict.ts';
import { SIDES } from '../../src/conversations/side.ts';
import type { EvaluatedCase, EvaluatedTurn } from '../../src/evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import type { Judgement } from '../../src/evaluation/judge.ts';
import { summarize } from '../../src/evaluation/summarize.ts';
import { childSeed, sample, seededRandom } from '../../src/internal/random.ts';
import { numberStatements, type Persona } from '../../src/personas/persona.ts';
import type { TrainingMetric } from '../../src/training/training-backend.ts';

const OPENINGS = [
  'The shift ended at five and I sat in the car for an hour.',
  'You will laugh. I bought the boat.',
  'So my sister called again, and of course it was about the house.',
  'Nothing works today. Not the printer, not the bus, not me.',
  'I finally tried the recipe, the one with the burnt onions.',
  'Tell me something I can say to her tomorrow.',
];
const REPLIES = [
  'That sounds like a long day. What kept you sitting there?',
  'A boat! Does it float, or is that next month’s question?',
  'Houses and sisters, the old pair. What did she want this time?',
  'Then let us fix one thing and call it a good day. Which is the smallest?',
  'Burnt on purpose, I hope. How dark did you dare to go?',
  'Here are some suggestions:\n\n1. Start with a thank-you.\n2. Say what you saw, and leave out what you think of it.\n3. Stop there.',
];
const REASONS = [
  'Short, dry, and it asks the one thing this person wants to be asked.',
  'A list, for someone who skips lists; the topic fits.',
  'Warm enough, but it explains what the user has known for years.',
  'It picks up the job and the humour, and leaves room.',
];

export interface SyntheticOptions {
  readonly name: string;
  readonly cases?: number;
  readonly turns?: number;
  /** Level at the first turn, and what each turn adds. */
  readonly start?: number;
  readonly rise?: number;
  /** Share of the responses without a score. */
  readonly missing?: number;
  /** Points that a response scores more for its own persona than for another, in the middle of the conversation. */
  readonly personal?: number;
}

/** A plausible evaluation by seed, in which every part of a judgement occurs. */
export function syntheticEvaluation(options: SyntheticOptions): EvaluationResult {
  const {
    name,
    cases: count = 12,
    turns = 10,
    start = 3,
    rise = 0.1,
    missing = 0.02,
    personal = 0,
  } = options;
  const [first, ...rest] = aloeCases().slice(0, count);
  const others = [...rest, first!];
  const cases = aloeCases()
    .slice(0, count)
    .map(({ id, persona }, index): EvaluatedCase => {
      const random = seededRandom(childSeed(7, name, id));
      const own = (random() - 0.5) * 1.2;
      const ends = missing > 0 && index % 37 === 11 ? Math.min(turns, 4) : turns;
      const played = Array.from({ length: ends }, (_, k): EvaluatedTurn => {
        const level = start + rise * k + own + (random() - 0.5) * 2;
        return {
          turn: k + 1,
          user: pick(OPENINGS, random),
          response: `${pick(REPLIES, random)} ${pick(REPLIES, random)}`,
          judgement:
            random() < missing ? { score: null, status: 'malformed-verdict' } : judged(level, random),
          otherJudgement: judged(
            level - personal * (0.5 + k / 10),
            seededRandom(childSeed(7, name, id, 'other', k)),
          ),
          revealed: revealedBy(persona, k, childSeed(7, id)),
        };
      });
      const failure = {
        turn: ends + 1,
        role: 'candidate',
        code: 'model-call-failed',
        message: 'openai:some-model: 503, the server is overloaded.',
      };
      return {
        caseId: id,
        repeat: 1,
        persona,
        otherCase: others[index]!.id,
        turns: played,
        ...(ends < turns && { failure }),
      };
    });
  return {
    schema: 'aloe-evaluation/3',
    candidate: { name, model: `scripted:${name}`, prompt: null },
    lock: {
      version: '0.1.0',
      user: {
        model: 'scripted:user',
        prompt: { name: 'role-player@1', sha256: 'a'.repeat(64) },
        temperature: 0.8,
        maxOutputTokens: 160,
        checks: { attempts: 3, maxStatements: 2, model: null },
        shownTurns: null,
      },
      judge: { id: 'holistic:judge@1:t0:scripted:judge', prompts: [] },
      responses: { temperature: null, maxOutputTokens: 200, shownTurns: null },
      cases: { count: cases.length, sha256: 'c'.repeat(64) },
      turns,
      repeats: 1,
      seed: 7,
    },
    inducer: 'scripted:inducer',
    otherPersona: 'any',
    costJudge: null,
    userChecks: { messages: cases.length * turns, problems: [] },
    cases,
    ...summarize(cases, { turns, seed: 7 }),
  };
}

/** Evaluations that differ as real ones do. */
export function syntheticEvaluations(cases = 12, turns = 10): EvaluationResult[] {
  const shapes = [
    { name: 'bare', start: 3, rise: 0.01 },
    { name: 'told the persona', start: 4.2, rise: 0.03, personal: 1.5 },
    { name: 'told another persona', start: 2.4, rise: 0, personal: -0.6 },
    { name: 'reminder', start: 3.1, rise: 0.03 },
    { name: 'self-critic', start: 3.2, rise: 0.05 },
    { name: 'adaptive', start: 3.2, rise: 0.13, personal: 0.8 },
  ];
  return shapes.map((shape) => syntheticEvaluation({ ...shape, cases, turns }));
}

/** Conversations of a corpus; in every third the user went on from both responses of the second turn. */
export function syntheticTrees(count = 4, turns = 4): ConversationTree[] {
  return aloeCases()
    .slice(0, count)
    .map(({ id, persona }, index) => {
      const random = seededRandom(childSeed(7, id));
      const grow = (turn: number): TurnNode => {
        const both = turn === 2 && index % 3 === 0;
        const taken = random() < 0.5 ? 'preferred' : 'rejected';
        const response = (side: 'preferred' | 'rejected') => ({
          text: pick(REPLIES, random),
          truncated: false,
          ...(turn < turns && (both || side === taken) && { next: grow(turn + 1) }),
        });
        return {
          turn,
          user: pick(OPENINGS, random),
          revealed: revealedBy(persona, turn - 1, childSeed(7, id)),
          preferred: response('preferred'),
          rejected: response('rejected'),
        };
      };
      const models = { rolePlayer: 'writer', inducer: 'reader', preferred: 'writer', rejected: 'writer' };
      return {
        schema: 'aloe-conversation/2',
        id: `conversation-${index + 1}`,
        persona,
        root: grow(1),
        failures: [],
        provenance: {
          models,
          prompts: { rolePlayer: 'role-player@1', inducer: 'inducer@1', responder: 'responder@1' },
          induction: 'previous-turns',
          seed: 7,
        },
      };
    });
}

/** A conversation whose responses were picked from several, with a verdict on each pair: one for it, one against, one undecided. */
export function judgedTree(): ConversationTree {
  const [tree] = syntheticTrees(1, 1);
  const { provenance, root } = tree!;
  const verdict = (
    winner: PairWinner,
    picks: readonly OrderVerdict['picked'][],
    margin: number,
  ): PairVerdict => ({
    winner,
    margin,
    judge: 'referee',
    served: ['referee-2026-01'],
    prompt: 'verify-pair@1',
    orders: SIDES.map((first, index) => {
      const picked = picks[index] ?? null;
      return { first, picked, strength: picked === null ? 0 : 2, rationale: REASONS[index] };
    }),
  });
  const turn = (number: number, own: PairVerdict, next?: TurnNode): TurnNode => ({
    ...root!,
    turn: number,
    user: OPENINGS[number]!,
    revealed: number === 1 ? [] : ['F1'],
    preferred: {
      text: REPLIES[number]!,
      truncated: false,
      model: 'large-teacher',
      score: 8.5,
      alternatives: [
        { text: 'Boats need names.', truncated: false, model: 'small-teacher', score: 6 },
        { text: 'Ahoy', truncated: true, model: 'large-teacher' },
      ],
      ...(next && { next }),
    },
    rejected: { text: REPLIES[5]!, truncated: false },
    verdict: own,
  });
  const last = turn(3, verdict('undecided', ['preferred', 'rejected'], 0));
  const middle = turn(2, verdict('rejected', ['rejected', 'rejected'], -2), last);
  const models = { ...provenance.models, preferred: 'large-teacher, small-teacher', rejected: 'writer' };
  return {
    ...tree!,
    id: 'judged',
    provenance: { ...provenance, models },
    root: turn(1, verdict('preferred', ['preferred', 'preferred'], 2), middle),
  };
}

/** A falling loss, and for the second stage a rising margin, with validation now and then. */
export function syntheticMetrics(steps = 40): TrainingMetric[] {
  const random = seededRandom(7);
  const at = (step: number) => 1 - Math.exp(-step / (steps / 4)) + (random() - 0.5) * 0.08;
  const each = Array.from({ length: steps }, (_, index) => index + 1);
  return [
    ...each.map((step) => ({ stage: 'sft', step, values: { loss: 2.1 - at(step), learning_rate: 1e-5 } })),
    ...each.map((step) => {
      const values = {
        loss: 0.69 - 0.4 * at(step),
        'rewards/margins': 1.4 * at(step),
        'rewards/accuracies': 0.5 + 0.4 * at(step),
      };
      return {
        stage: 'dpo',
        step,
        values: step % 10 === 0 ? { ...values, eval_loss: values.loss + 0.05 } : values,
      };
    }),
  ];
}

function judged(level: number, random: () => number): Judgement {
  const score = Math.min(5, Math.max(1, Math.round(level)));
  const rationale = pick(REASONS, random);
  const kind = random();
  if (kind < 0.15) {
    const items = ['Is it short?', 'Does it ask back?', 'Is it free of lists?'].map((item, index) => ({
      item,
      met: score > index + 1,
    }));
    return { score, status: 'scored', rationale, items };
  }
  if (kind < 0.3) {
    return {
      score,
      status: 'scored',
      votes: [
        { judge: 'first', score, status: 'scored', rationale },
        { judge: 'second', score: null, status: 'judge-failed' },
      ],
    };
  }
  return { score, status: 'scored', rationale };
}

function revealedBy(persona: Persona, k: number, seed: number): string[] {
  const order = sample(numberStatements(persona), 99, seededRandom(seed));
  return order.slice(0, Math.round(1.3 * (k + 0.4))).map(({ id }) => id);
}

function pick(texts: readonly string[], random: () => number): string {
  return texts[Math.floor(random() * texts.length)]!;
}
