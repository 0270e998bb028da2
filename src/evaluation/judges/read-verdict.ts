import * as z from 'zod';
import { type ParsedReply, parseStructured } from '../../models/structured.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import { holdsStatedScore, readScore, statedScores } from './stated-score.ts';

/** A verdict as a judge's model gives it. */
export interface Verdict {
  readonly score: number;
  readonly rationale?: string | undefined;
  readonly tone?: number | undefined;
  readonly form?: number | undefined;
  readonly uptake?: number | undefined;
  /** As the model names them. They may be no ids of the persona. */
  readonly honoured?: readonly string[] | undefined;
  readonly violated?: readonly string[] | undefined;
}

const score = z.preprocess(toScore, z.int().min(1).max(5));
// Without them there is still a verdict.
const aspect = score.optional().catch(undefined);
/** `["T1", "T2"]`, or in one text: `"T1, T2"`. */
const ids = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string()))
  .optional()
  .catch(undefined);

const verdictSchema: z.ZodType<Verdict> = z.preprocess(
  (reply) => tidyVerdict(reply),
  z.object({
    score,
    rationale: z.string().optional().catch(undefined),
    tone: aspect,
    form: aspect,
    uptake: aspect,
    honoured: ids,
    violated: ids,
  }),
);

const NAMES: Readonly<Record<string, string>> = {
  rating: 'score',
  overall: 'score',
  overallscore: 'score',
  finalscore: 'score',
  reason: 'rationale',
  explanation: 'rationale',
};

/** What holds no verdict on the whole reply. */
const SUB_SCORES = /^(?:tone|form|uptake|honoured|violated)$/i;

/** Reads names in any spelling, and a verdict inside a list or another object. */
function tidyVerdict(reply: unknown, wrappings = 2): unknown {
  if (typeof reply !== 'object' || reply === null) return reply;
  const entries = Object.entries(reply);
  const [only] = entries;
  const isWrapped = entries.length === 1 && typeof only![1] === 'object' && !SUB_SCORES.test(only![0]);
  if (isWrapped && wrappings > 0) return tidyVerdict(only![1], wrappings - 1);
  const tidy: Record<string, unknown> = {};
  for (const [written, value] of entries) {
    const letters = written.toLowerCase().replace(/[^a-z]/g, '');
    const name = NAMES[letters] ?? letters;
    const read = name === 'score' ? toScore(value) : value;
    // "overall" may also be words.
    if (name === 'score' && letters !== name && typeof read !== 'number') continue;
    // Two different scores are none.
    if (name === 'score' && name in tidy && tidy[name] !== read) return undefined;
    tidy[name] = read;
  }
  return tidy;
}

function toScore(value: unknown): unknown {
  return typeof value === 'string' ? (readScore(value) ?? value) : value;
}

const SEVERAL = { ok: false, problem: 'several different verdicts' } as const;

/**
 * Reads a verdict as a person would: as JSON if the reply has a brace, else as words, such as "Score: 4". Two different
 * verdicts are none.
 *
 * @param material Gives the texts that were judged, as the model was shown them. If one of them reads like a verdict itself, only
 * JSON counts, since words may be a quotation. JSON cannot be: the material has no braces.
 */
export function readVerdict(text: string, material: () => readonly string[]): ParsedReply<Verdict> {
  const reply = withoutReasoning(text);
  const isQuotable = () => material().some(holdsStatedScore);
  if (reply.includes('{') || /^\s*\{/.test(text)) {
    const parsed = parseStructured(text, verdictSchema, { unambiguous: true });
    const after = statedScores(reply.slice(reply.lastIndexOf('}') + 1));
    const isContradicted = parsed.ok && after.some((stated) => stated !== parsed.value.score);
    return isContradicted && !isQuotable() ? SEVERAL : parsed;
  }
  const [stated, ...others] = statedScores(reply);
  if (others.length > 0) return SEVERAL;
  if (stated === undefined) return { ok: false, problem: 'no verdict found' };
  if (isQuotable()) return { ok: false, problem: 'no JSON found, and the words may be a quotation' };
  const rationale = reply.trim();
  return { ok: true, value: { score: stated, ...(/\s/.test(rationale) && { rationale }) } };
}
