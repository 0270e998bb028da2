import type { EvaluatedCase } from '../../src/evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { summarize } from '../../src/evaluation/summarize.ts';
import { benchmarkCases } from './fakes.ts';

/** A result with these scores, cases x turns; a row that ends early is a case that failed there. */
export function evaluationOf(
  scores: readonly (readonly (number | null)[])[],
  options: { readonly name?: string; readonly turns?: number } = {},
): EvaluationResult {
  const { name = 'candidate', turns = scores[0]!.length } = options;
  const cases = benchmarkCases(scores.length).map(({ id, persona }, index): EvaluatedCase => {
    const row = scores[index]!;
    return {
      caseId: id,
      repeat: 1,
      persona,
      turns: row.map((score, turn) => ({
        turn: turn + 1,
        user: `Message ${turn + 1}`,
        response: `Response ${turn + 1}`,
        judgement:
          score === null
            ? { score, status: 'malformed-verdict' }
            : { score, status: 'scored', rationale: 'Yes.' },
      })),
      ...(row.length < turns && {
        failure: {
          turn: row.length + 1,
          role: 'candidate',
          code: 'model-call-failed',
          message: 'It was\nfull.',
        },
      }),
    };
  });
  const seed = 7;
  return {
    schema: 'aloe-evaluation/3',
    candidate: { name, model: 'some-model', prompt: null },
    lock: {
      version: '0.1.0',
      user: {
        model: 'user-model',
        prompt: { name: 'role-player@2', sha256: 'a'.repeat(64) },
        temperature: null,
        maxOutputTokens: null,
        checks: { attempts: 3, maxStatements: 2, model: null },
        shownTurns: null,
      },
      judge: { id: 'own-judge', prompts: [] },
      responses: { temperature: null, maxOutputTokens: 200, shownTurns: null },
      cases: { count: scores.length, sha256: `${scores.length}`.repeat(64).slice(0, 64) },
      turns,
      repeats: 1,
      seed,
    },
    inducer: null,
    otherPersona: null,
    costJudge: null,
    userChecks: { messages: 0, problems: [] },
    cases,
    ...summarize(cases, { turns, seed }),
  };
}

/** A result in which repeat r of each case has the scores of table r. */
export function repeatedEvaluation(
  tables: readonly (readonly (readonly (number | null)[])[])[],
  name = 'candidate',
): EvaluationResult {
  const turns = Math.max(...tables.flat().map((row) => row.length));
  const [first, ...others] = tables.map((scores) => evaluationOf(scores, { turns, name }));
  const cases = first!.cases.flatMap((own, place): EvaluatedCase[] => [
    own,
    ...others.map((other, index) => ({ ...other.cases[place]!, repeat: index + 2 })),
  ]);
  const lock = { ...first!.lock, repeats: tables.length };
  return { ...first!, lock, cases, ...summarize(cases, lock) };
}
