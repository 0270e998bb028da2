import * as z from 'zod';
import { tokensIn } from '../internal/words.ts';
import { type ParsedReply, parseStructured } from '../models/structured.ts';
import { withoutReasoning } from '../models/without-reasoning.ts';

/** What a judge says of two replies. */
export interface Choice {
  readonly rationale?: string | undefined;
  readonly better: 'A' | 'B' | 'equal';
  /** 1 slightly, 2 clearly, 3 by far; 0 for equal. */
  readonly by: number;
}

/** What a model is asked for. Replies are read with {@link readChoice}, which takes more. */
export const choiceSchema: z.ZodType<Choice> = z.object({
  rationale: z.string(),
  better: z.enum(['A', 'B', 'equal']),
  by: z.int().min(0).max(3),
});

const NAMES: Readonly<Record<string, keyof Choice>> = {
  rationale: 'rationale',
  reason: 'rationale',
  explanation: 'rationale',
  better: 'better',
  preferred: 'better',
  winner: 'better',
  choice: 'better',
  verdict: 'better',
  answer: 'better',
  by: 'by',
  howmuch: 'by',
  margin: 'by',
  strength: 'by',
};

// A map, since a word can be `constructor`.
const CHOICES: ReadonlyMap<string, Choice['better']> = new Map([
  ['a', 'A'],
  ['first', 'A'],
  ['1', 'A'],
  ['b', 'B'],
  ['second', 'B'],
  ['2', 'B'],
  ...['equal', 'tie', 'same', 'both', 'neither', 'either'].map((word) => [word, 'equal'] as const),
]);

const STRENGTHS: Readonly<Record<string, number>> = {
  slightly: 1,
  clearly: 2,
  far: 3,
};

const tidySchema: z.ZodType<Choice> = z.preprocess(
  tidyReply,
  z
    .object({
      rationale: z.string().optional().catch(undefined),
      better: z.enum(['A', 'B', 'equal']),
      // A pick without a strength is the weakest one.
      by: z.number().int().min(0).max(3).optional(),
    })
    .transform(
      ({ rationale, better, by = 1 }): Choice => ({
        ...(rationale !== undefined && { rationale }),
        better,
        by: better === 'equal' ? 0 : Math.max(1, by),
      }),
    ),
);

/** Reads names and values in the spellings that models use for them. */
function tidyReply(reply: unknown): unknown {
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) return reply;
  const tidy: Partial<Record<keyof Choice, unknown>> = {};
  for (const [written, value] of Object.entries(reply)) {
    const name = NAMES[written.toLowerCase().replace(/[^a-z]/g, '')];
    if (name === undefined) continue;
    const read = name === 'better' ? (choiceIn(value) ?? value) : name === 'by' ? strengthIn(value) : value;
    // Two different picks are none.
    if (name === 'better' && name in tidy && tidy[name] !== read) return undefined;
    tidy[name] = read;
  }
  return tidy;
}

/** The pick in `A`, `"Reply B."`, `first` or `tie`; undefined for anything else. */
function choiceIn(value: unknown): Choice['better'] | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const [word, ...others] = tokensIn(String(value).toLowerCase()).filter(
    (each) => !/^(?:the|reply|response|option|is|are)$/.test(each),
  );
  return word === undefined || others.length > 0 ? undefined : CHOICES.get(word);
}

function strengthIn(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [word = ''] = value.toLowerCase().match(/slightly|clearly|far|\d/) ?? [];
  return STRENGTHS[word] ?? (word === '' ? undefined : Number(word));
}

/** Reads a pick: as JSON, or from a reply that is nothing but the name of a reply. Two different picks are none. */
export function readChoice(text: string): ParsedReply<Choice> {
  const reply = withoutReasoning(text);
  if (!reply.includes('{') && !/^\s*\{/.test(text)) {
    const better = choiceIn(reply);
    if (better !== undefined) return { ok: true, value: { better, by: better === 'equal' ? 0 : 1 } };
  }
  return parseStructured(text, tidySchema, { unambiguous: true });
}
