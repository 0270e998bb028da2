import * as z from 'zod';
import { remembered } from '../../internal/remembered.ts';
import type { Prompt } from '../../models/prompt.ts';
import { type Persona, statementsOf } from '../../personas/persona.ts';
import type { Judgement } from '../judge.ts';
import { type JudgePromptVariables, judgePrompt } from '../prompts/judge.ts';
import { judgeAspectsPrompt } from '../prompts/judge-aspects.ts';
import type { Verdict } from './read-verdict.ts';

/** The built-in rubrics. */
export type JudgeRubric = 'aspects' | 'paper';

/** Names of the built-in rubrics. */
export const RUBRICS = ['aspects', 'paper'] as const;

/** What a rubric asks for. */
export interface RubricParts {
  readonly prompt: Prompt<JudgePromptVariables>;
  /** The shape of a verdict about a response to this persona, as the model is told. */
  verdictOf(persona: Persona): z.ZodType<Verdict>;
}

// Only a hint in the JSON schema: where decoding is constrained, it makes a small model reach its score. Not validated.
const rationale = z.string().meta({ maxLength: 240 });
const score = z.int().min(1).max(5);
const plainVerdict = z.object({ rationale, score });
/** Weak models list every statement. */
const MOST_STATEMENTS = 6;

const aspectsVerdict: (persona: Persona) => z.ZodType<Verdict> = remembered((persona) => {
  const ids = z.array(z.enum(statementsOf(persona).map(({ id }) => id))).max(MOST_STATEMENTS);
  // The findings come before the score that rests on them.
  return z.object({
    honoured: ids,
    violated: ids,
    tone: score,
    form: score,
    uptake: score,
    rationale,
    score,
  });
});

/** A rubric of one's own asks for reason and score, as the paper's does. */
export function rubricParts(rubric: JudgeRubric, own: Prompt<JudgePromptVariables> | undefined): RubricParts {
  if (own !== undefined) return { prompt: own, verdictOf: () => plainVerdict };
  return rubric === 'paper'
    ? { prompt: judgePrompt, verdictOf: () => plainVerdict }
    : { prompt: judgeAspectsPrompt, verdictOf: aspectsVerdict };
}

/** The ids that an entry names, with or without their words: `T1`, `(t1)`, `T1: Hates fuss`, `T1, T2`. */
function readIds(entry: string): string[] {
  const [listed = ''] = /^\W*[FT]\d+(?:(?:[\s,;/&]+|[\s,;]+and\s+)[FT]\d+)*(?!\w)/i.exec(entry) ?? [];
  return listed.toUpperCase().match(/[FT]\d+/g) ?? [];
}

/**
 * Turns a verdict into a judgement. Aspects are kept if all three are there. Of the statements, only those of the persona
 * are, without any that is named on both sides.
 */
export function toJudgement(verdict: Verdict, persona: Persona): Judgement {
  const { score, rationale, tone, form, uptake, honoured = [], violated = [] } = verdict;
  const [pro, con] = [honoured, violated].map((ids) => new Set(ids.flatMap(readIds)));
  const only = (named: ReadonlySet<string>, others: ReadonlySet<string>) =>
    statementsOf(persona).flatMap(({ id }) => (named.has(id) && !others.has(id) ? [id] : []));
  const hasAspects = tone !== undefined && form !== undefined && uptake !== undefined;
  return {
    score,
    status: 'scored',
    ...(rationale !== undefined && { rationale }),
    ...(hasAspects && { aspects: { tone, form, uptake } }),
    ...(verdict.honoured !== undefined && { honoured: only(pro!, con!) }),
    ...(verdict.violated !== undefined && { violated: only(con!, pro!) }),
  };
}
