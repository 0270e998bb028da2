export { type AdaptedResponseVariables, adaptedResponsePrompt } from './adaptive/adapted-response.ts';
export {
  type PreferenceInferenceVariables,
  preferenceInferencePrompt,
} from './adaptive/preference-inference.ts';
export { type InductionVariables, inductionPrompt } from './conversations/prompts/induction.ts';
export type { JudgedMaterial } from './conversations/prompts/judged-material.ts';
export { type PickResponseVariables, pickResponsePrompt } from './conversations/prompts/pick-response.ts';
export { type ResponderVariables, responderPrompt } from './conversations/prompts/responder.ts';
export { type RolePlayerVariables, rolePlayerPrompt } from './conversations/prompts/role-player.ts';
export { steeredRolePlayerPrompt } from './conversations/prompts/steered-role-player.ts';
export { type ChainOfThoughtVariables, chainOfThoughtPrompt } from './evaluation/prompts/chain-of-thought.ts';
export { type JudgePromptVariables, judgePrompt } from './evaluation/prompts/judge.ts';
export { judgeAspectsPrompt } from './evaluation/prompts/judge-aspects.ts';
export { type JudgeChecklistVariables, judgeChecklistPrompt } from './evaluation/prompts/judge-checklist.ts';
export { type JudgeItemsVariables, judgeItemsPrompt } from './evaluation/prompts/judge-items.ts';
export { oraclePrompt } from './evaluation/prompts/oracle.ts';
export { reminderPrompt } from './evaluation/prompts/reminder.ts';
export { type RewordVariables, rewordPrompt } from './evaluation/prompts/reword.ts';
export { type SelfCriticVariables, selfCriticPrompt } from './evaluation/prompts/self-critic.ts';
export { type LockedPrompt, lockPrompt } from './models/locked-prompt.ts';
export { type Prompt, promptName } from './models/prompt.ts';
export {
  type PersonaGenerationVariables,
  personalityGenerationPrompt,
  profileGenerationPrompt,
} from './personas/persona-generation.ts';
export { type VerifyPairVariables, verifyPairPrompt } from './verification/verify-pair-prompt.ts';
