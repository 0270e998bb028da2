import type { AloeConfig, ConfigModel } from '../config/config.ts';
import { candidatesOf, isMade } from './candidates.ts';
import type { PipelineModelRole, PipelinePart, PipelineRole } from './pipeline.ts';

/** A model of a config, with every role it has. */
export interface UsedModel {
  /** Undefined for the default of defaults. */
  readonly given: ConfigModel | undefined;
  readonly roles: readonly PipelineModelRole[];
  /** Where the config names it: `models.judge`. */
  readonly option: string;
}

/** The entries of a role in a config, one unless it has several models. Undefined stands for the default model. */
export function modelsOfRole(
  { models = {} }: AloeConfig,
  role: PipelineRole,
): readonly (ConfigModel | undefined)[] {
  const given = role === 'pairJudge' ? (models.pairJudge ?? models.judge) : models[role];
  return Array.isArray(given) ? given : [given as ConfigModel | undefined];
}

/** Whether two entries of a config mean the same model: a model object is itself, a reference is what it says. */
export function modelKey(given: ConfigModel | undefined): unknown {
  if (typeof given !== 'object') return given ?? '';
  return 'generate' in given ? given : JSON.stringify(given);
}

/** The models that the parts of a pipeline use, each once. */
export function usedModels(config: AloeConfig, parts: readonly PipelinePart[]): readonly UsedModel[] {
  const { models = {} } = config;
  const used = new Map<unknown, UsedModel>();
  function add(role: PipelineModelRole, own: ConfigModel | undefined, ownOption: string): void {
    const given = own ?? models.default;
    const key = modelKey(given);
    const { roles = [], option = own === undefined ? 'models.default' : ownOption } = used.get(key) ?? {};
    used.set(key, { given, option, roles: [...new Set([...roles, role])] });
  }
  for (const part of parts) {
    if (part === 'candidates') {
      for (const candidate of candidatesOf(config)) {
        if (!isMade(candidate)) add('candidate', candidate.model, 'evaluation.candidates');
      }
    } else if (part !== 'embedder') {
      if (isUnused(part, config)) continue;
      const own = part === 'pairJudge' && models.pairJudge === undefined ? 'judge' : part;
      for (const given of modelsOfRole(config, part)) add(part, given, `models.${own}`);
    }
  }
  return [...used.values()];
}

function isUnused(role: PipelineRole, { evaluation, conversations = {} }: AloeConfig): boolean {
  // With rules for a judge, no model judges.
  if (role === 'judge') return evaluation?.judge === 'rules';
  return role === 'pairJudge' && conversations.verify !== true && (conversations.bestOf ?? 1) === 1;
}
