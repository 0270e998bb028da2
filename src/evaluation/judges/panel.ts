import { InvalidOptionError } from '../../errors.ts';
import { checkMethod } from '../../internal/options.ts';
import type { Judge } from '../judge.ts';
import { judgeResponse } from '../judge-response.ts';
import { isSilent, silentJudgement } from '../silent-response.ts';
import { combineVotes, voteOptions } from './votes.ts';

/**
 * Combines several judges into one, asked concurrently. The score is the mean of the members' scores, and every vote is
 * kept in `votes`. If a member has no score, the response has none: leaving out a strict member would raise it.
 * `describeEvaluation` reports which members failed how often, and how far members disagree.
 *
 * @example
 * ```ts
 * import { checklistJudge, holisticJudge, panelJudge } from 'aloe-align';
 *
 * const judge = panelJudge([holisticJudge(gpt), checklistJudge(claude)]);
 * ```
 *
 * @throws InvalidOptionError if the list is empty or contains something other than a `Judge`.
 */
export function panelJudge(judges: readonly Judge[]): Judge {
  if (!Array.isArray(judges) || judges.length === 0) {
    throw new InvalidOptionError('judges', 'at least one judge', judges);
  }
  for (const [index, judge] of judges.entries()) {
    checkMethod(`judges[${index}]`, judge, 'judge', 'a Judge');
  }
  const prompts = judges.flatMap((judge) => judge.prompts ?? []);
  return {
    id: `panel(${judges.map(({ id }) => id).join(' + ')})`,
    prompts: [...new Map(prompts.map((prompt) => [`${prompt.name} ${prompt.sha256}`, prompt])).values()],
    models: [...new Set(judges.flatMap(({ models }) => models ?? []))],
    checkCase(benchmarkCase) {
      for (const judge of judges) judge.checkCase?.(benchmarkCase);
    },
    async judge(input, options = {}) {
      if (isSilent(input.response)) return silentJudgement();
      const votes = await Promise.all(
        judges.map(async (judge, index) => {
          const { votes: _ofAMember, ...verdict } = await judgeResponse(
            judge,
            input,
            voteOptions(options, index),
          );
          return { judge: judge.id, ...verdict };
        }),
      );
      return combineVotes(votes);
    },
  };
}
