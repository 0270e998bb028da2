import { adaptive } from '../adaptive/adaptive.ts';
import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { AloeConfig, CandidateConfig, CandidateMethod } from '../config/config.ts';
import { InvalidOptionError } from '../errors.ts';
import { chainOfThought } from '../evaluation/baselines/chain-of-thought.ts';
import { oracle } from '../evaluation/baselines/oracle.ts';
import { reminder } from '../evaluation/baselines/reminder.ts';
import { selfCritic } from '../evaluation/baselines/self-critic.ts';
import { wrongPersona } from '../evaluation/baselines/wrong-persona.ts';
import type { Candidate } from '../evaluation/candidate.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Pipeline } from './pipeline.ts';

/** Without candidates of its own, an evaluation shows what inferring preferences gains. */
const DEFAULT_CANDIDATES: readonly CandidateMethod[] = ['bare', 'adaptive'];

/** The candidates of a config. */
export function candidatesOf(config: AloeConfig): readonly (CandidateConfig | Candidate)[] {
  const { candidates = DEFAULT_CANDIDATES } = config.evaluation ?? {};
  return candidates.map((given) => (typeof given === 'string' ? { method: given } : given));
}

/** Whether a candidate was made in code, and so brings its own opened model. */
export function isMade(candidate: CandidateConfig | Candidate): candidate is Candidate {
  return 'respond' in candidate || 'messages' in candidate;
}

/**
 * The candidates of a pipeline.
 *
 * @param others Whose personas `wrong-persona` tells. Default: those of `aloeCases()`.
 * @throws InvalidOptionError if two have the same name.
 */
export function openCandidates(
  { config, modelOf }: Pipeline,
  others?: readonly BenchmarkCase[],
): readonly Candidate[] {
  const candidates = candidatesOf(config).map((given) => {
    if (isMade(given)) return given;
    const { model } = modelOf(given);
    const { method = 'bare' } = given;
    const name = given.name ?? (given.model === undefined ? method : nameOf(model.id, method));
    return METHODS[method](model, name, others);
  });
  const names = candidates.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return candidates;
  throw new InvalidOptionError('evaluation.candidates', 'a different "name" for each candidate', twice);
}

function nameOf(id: string, method: CandidateMethod): string {
  return method === 'bare' ? id : `${id}, ${method}`;
}

const METHODS: Readonly<
  Record<
    CandidateMethod,
    (model: ChatModel, name: string, others: readonly BenchmarkCase[] | undefined) => Candidate
  >
> = {
  adaptive: (model, name) => ({ name, model: adaptive(model) }),
  bare: (model, name) => ({ name, model }),
  'chain-of-thought': (model, name) => chainOfThought(model, { name }),
  oracle: (model, name) => oracle(model, { name }),
  reminder: (model, name) => reminder(model, { name }),
  'self-critic': (model, name) => selfCritic(model, { name }),
  'wrong-persona': (model, name, cases) => wrongPersona(model, { name, cases }),
};
