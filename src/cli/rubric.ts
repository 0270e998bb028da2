import type { StringArgDef } from 'citty';
import { type JudgeRubric, RUBRICS } from '../evaluation/judges/rubrics.ts';
import { checkChoice } from '../internal/options.ts';

/** The flag that says what an LLM judge is asked for. */
export const rubricArg: StringArgDef = {
  type: 'string',
  description:
    'Rubric of the LLM judge: aspects (sub-scores, then the score) or paper (one score). Default: aspects; paper for the embedded model.',
};

/** @throws InvalidOptionError unless it is a rubric or undefined. */
export function readRubric(given: string | undefined): JudgeRubric | undefined {
  return given === undefined ? undefined : checkChoice('rubric', given as JudgeRubric, RUBRICS);
}
