export { ruleCases } from './benchmark/rule-cases.ts';
export { ruleJudge } from './evaluation/judges/rule-judge.ts';
export { followsRule } from './personas/rules/follows-rule.ts';
export type { PersonaRule, Rule } from './personas/rules/persona-rule.ts';
export { type RuleOptions, withRules } from './personas/rules/with-rules.ts';
