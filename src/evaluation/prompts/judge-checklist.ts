import {
  type JudgedMaterial,
  MATERIAL_RULE,
  showTranscript,
} from '../../conversations/prompts/judged-material.ts';
import { system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';

/** Variables of {@link judgeChecklistPrompt}. */
export interface JudgeChecklistVariables extends JudgedMaterial {
  /** Yes-or-no questions about the response. */
  readonly items: readonly string[];
}

/** Answers each question about one response. The persona is not shown, so that only the questions count. */
export const judgeChecklistPrompt: Prompt<JudgeChecklistVariables> = {
  id: 'judge-checklist',
  version: 2,
  messages: ({ items, conversation, response }) => [
    system(`You check a reply against a list of questions. Answer each with yes only when the reply itself leaves no doubt.
${MATERIAL_RULE}

The questions:
${items.map((item, index) => `${index + 1}. ${item}`).join('\n')}`),
    user(`${showTranscript({ conversation, response })}

Check the reply${conversation.length === 0 ? '' : " to the user's last message"}. Answer in JSON with the number of each question and "yes" or "no": {${items.map((_, index) => `"${index + 1}": …`).join(', ')}}.`),
  ],
};
