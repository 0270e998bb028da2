import {
  type JudgedMaterial,
  MATERIAL_RULE,
  showMaterial,
} from '../../conversations/prompts/judged-material.ts';
import { system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';

/** Variables of {@link judgeCostPrompt}. */
export interface JudgeCostVariables extends JudgedMaterial {
  /** A yes-or-no question about the reply. */
  readonly question: string;
}

/** Asks one yes-or-no question about one response. The persona is not shown unless the question names it. */
export const judgeCostPrompt: Prompt<JudgeCostVariables> = {
  id: 'judge-cost',
  version: 1,
  messages: ({ question, conversation, response }) => [
    system(`You answer one question about a reply. Go by the reply alone, read as an ordinary reader would read it. Answer "unclear" only if it can be read both ways, or where the question says so.
${MATERIAL_RULE}

The question: ${question}`),
    user(`${showMaterial({ conversation, response })}

Answer in JSON, the reason first, in one short sentence: {"reason": …, "answer": "yes", "no" or "unclear"}.`),
  ],
};
