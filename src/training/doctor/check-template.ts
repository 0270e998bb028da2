import * as z from 'zod';
import type { TrainingJob } from '../job/training-job.ts';
import type { Finding } from '../training-backend.ts';
import { ok, problem, warning } from './findings.ts';
import type { TemplateVariables } from './template-variables.ts';

/** What `inspect_environment.py` says of the chat template with some variables. */
export interface ModelTemplate {
  /** The variables, as in training rows. */
  readonly variables: TemplateVariables;
  /** Why the template cannot be used. */
  readonly problem: string | null;
  /** A further variable that solves the problem. */
  readonly repair: TemplateVariables | null;
  /** Whether a server makes another prompt without the variables. */
  readonly needed: boolean;
  /** Whether a prompt has the date of the day. */
  readonly dated: boolean;
  /** A further variable that fixes the date. */
  readonly dateRepair: TemplateVariables | null;
}

const variables = z.record(z.string(), z.unknown());

/** Schema of {@link ModelTemplate}. */
export const modelTemplate: z.ZodType<ModelTemplate> = z.object({
  variables,
  problem: z.string().nullable(),
  repair: variables.nullable(),
  needed: z.boolean(),
  dated: z.boolean(),
  dateRepair: variables.nullable(),
});

const CHECK = 'chat template';

/** Checks that training sees the tokens that a server sends, today and on any other day. */
export function checkTemplate(job: TrainingJob, template: ModelTemplate): Finding[] {
  if (template.problem !== null) {
    const remedy =
      template.repair === null
        ? 'Use the instruction-tuned model, or add a chat_template.jinja to its directory.'
        : setVariables({ ...template.variables, ...template.repair });
    return [problem(CHECK, `It cannot be used: ${template.problem}.`, remedy)];
  }
  const served = template.needed
    ? ` Serve and measure with chat_template_kwargs ${JSON.stringify(template.variables)}: other prompts were not trained.`
    : '';
  return [ok(CHECK, `A server's prompt is what training sees.${served}`), ...checkDate(job, template)];
}

function checkDate({ environment }: TrainingJob, { variables, dated, dateRepair }: ModelTemplate): Finding[] {
  if (!dated || environment.SOURCE_DATE_EPOCH !== undefined) return [];
  const message = 'It writes the date of the day into prompts: the same job trains other tokens tomorrow.';
  const remedy =
    dateRepair === null
      ? "Set SOURCE_DATE_EPOCH (seconds since 1970) in the job's environment. Served prompts keep the date of their day."
      : setVariables({ ...variables, ...dateRepair });
  return [warning('date in the chat template', message, remedy)];
}

function setVariables(wanted: object): string {
  return `Export with chatTemplateKwargs: ${JSON.stringify(wanted)} in trlSft() and trlDpo(). Serve and measure with the same.`;
}
