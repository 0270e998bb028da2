export {
  type AbilitiesResult,
  type AnsweredInstruction,
  type InstructionsResult,
  readAbilities,
  saveAbilities,
} from './abilities-result.ts';
export {
  type AbilitiesComparison,
  type AbilityChange,
  type AbilityDifference,
  compareAbilities,
  type InstructionsDifference,
  type TaskDifference,
} from './compare-abilities.ts';
export { abilitiesTable, describeAbilities } from './describe-abilities.ts';
export { followsInstruction, type InstructionRule } from './instruction-rule.ts';
export { type Instruction, instructions } from './instructions.ts';
export { type ChatReply, type MeasureLikelihoodOptions, measureLikelihood } from './likelihood.ts';
export type { LikelihoodResult, ReplyLikelihood } from './likelihood-result.ts';
export { type RunLmEvalOptions, readLmEval, runLmEval } from './lm-eval.ts';
export type { LmEvalResult, LmEvalTask } from './lm-eval-result.ts';
export { type AbilitiesEvent, type MeasureAbilitiesOptions, measureAbilities } from './measure-abilities.ts';
