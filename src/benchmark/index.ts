export { userTasks } from '../conversations/behaviour/tasks.ts';
export { type AloeCaseTags, aloeCaseTags } from './aloe-cases.ts';
export { personaAt } from './benchmark-case.ts';
export type { CaseFamily, CaseRegion, CaseTemperament, CaseWork } from './case-tags.ts';
export { type DriftCasesOptions, driftCases } from './drift-cases.ts';
export { type HumanCasesOptions, humanCases } from './human-cases.ts';
export { type PublishedResult, publishedResults, publishedSource } from './published-results.ts';
export { type SituationCasesOptions, situationCases } from './situation-cases.ts';
export { type TaskCasesOptions, taskCases } from './task-cases.ts';
