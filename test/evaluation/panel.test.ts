import { describe, expect, it } from 'vitest';
import { InvalidOptionError, MissingKeyError } from '../../src/errors.ts';
import { describeVotes } from '../../src/evaluation/describe/describe-votes.ts';
import {
  type Judge,
  type JudgeCallOptions,
  type Judgement,
  judgementSchema,
  type Vote,
} from '../../src/evaluation/judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import { combineVotes, voteSpread } from '../../src/evaluation/judges/votes.ts';
import { user } from '../../src/messages.ts';
import { mean } from '../../src/metrics/mean.ts';
import { evaluationOf } from './evaluation-data.ts';
import { benchmarkCases, fakeModel, verdict } from './fakes.ts';

const input = { case: benchmarkCases(1)[0]!, conversation: [user('Hello.')], response: 'Hi.' };
const judgeOf = (id: string, judgement: Judgement | Error): Judge => ({
  id,
  async judge() {
    if (judgement instanceof Error) throw judgement;
    return judgement;
  },
});
const scored = (id: string, score: number) =>
  judgeOf(id, { score, status: 'scored', rationale: `${id} says so` });
const silent = judgeOf('silent', { score: null, status: 'malformed-verdict' });

describe('a panel', () => {
  it('gives the mean of its members, with every vote kept', async () => {
    const judgement = await panelJudge([scored('a', 4), scored('b', 1.5)]).judge(input);
    expect(judgement).toEqual({
      score: 2.75,
      status: 'scored',
      rationale: 'Mean of 2 votes: 4, 1.5',
      votes: [
        { judge: 'a', score: 4, status: 'scored', rationale: 'a says so' },
        { judge: 'b', score: 1.5, status: 'scored', rationale: 'b says so' },
      ],
    });
    expect(voteSpread(judgement)).toBe(2.5);
  });

  it('has no score when a member has none, and shows which: a strict member that fails would raise it', async () => {
    const judgement = await panelJudge([scored('a', 5), silent, judgeOf('c', new Error('no server'))]).judge(
      input,
    );
    expect(judgement).toEqual({
      score: null,
      status: 'malformed-verdict',
      rationale: 'No score: 2 of 3 votes missing (5, malformed-verdict, judge-failed)',
      votes: [
        { judge: 'a', score: 5, status: 'scored', rationale: 'a says so' },
        { judge: 'silent', score: null, status: 'malformed-verdict' },
        { judge: 'c', score: null, status: 'judge-failed', rationale: 'no server' },
      ],
    });
    expect(judgementSchema.parse(judgement)).toEqual(judgement);
    expect(voteSpread(judgement)).toBeNull();
  });

  it('does not rise when its strict member fails on the poor responses', async () => {
    const lenient = scored('lenient', 4);
    const strict = (response: string): Judge => (response === 'poor' ? silent : scored('strict', 2));
    const levelOf = async (responses: readonly string[]) => {
      const judged = await Promise.all(
        responses.map((response) => panelJudge([lenient, strict(response)]).judge({ ...input, response })),
      );
      return mean(judged.map(({ score }) => score));
    };
    expect(await levelOf(['good', 'good'])).toBe(3);
    expect(await levelOf(['good', 'poor'])).toBe(3);
  });

  it('is described with the members that failed, in the number of responses', () => {
    const vote = (judge: string, score: number | null): Vote =>
      score === null ? { judge, score, status: 'judge-failed' } : { judge, score, status: 'scored' };
    const result = evaluationOf([
      [3, 3],
      [3, 3],
    ]);
    const votes = [
      [vote('lenient', 4), vote('strict', 2)],
      [vote('lenient', 4), vote('strict', null)],
      [vote('lenient', 4), vote('strict', null)],
      [vote('lenient', null), vote('strict', 2)],
    ].map(combineVotes);
    const cases = result.cases.map((played, row) => ({
      ...played,
      turns: played.turns.map((turn, column) => ({ ...turn, judgement: votes[2 * row + column]! })),
    }));
    const text = describeVotes({ ...result, cases }).join('\n');
    expect(text).toContain('3 responses lack a vote (missing votes: `strict` 2, `lenient` 1).');
    expect(text).toContain('3 of them have no score');
    // As results of earlier versions have it.
    const former = { ...votes[1]!, score: 4, status: 'scored' as const };
    const mixed = cases.map((played, row) =>
      row === 0 ? { ...played, turns: played.turns.map((turn) => ({ ...turn, judgement: former })) } : played,
    );
    expect(describeVotes({ ...result, cases: mixed }).join('\n')).toContain(
      '2 of them have a score, the mean of the other votes. It is too high if',
    );
  });

  it('keeps what a member checked one by one, as a result and its file hold it', async () => {
    const items = [{ item: 'Dry wit', met: true }];
    const judgement = await panelJudge([judgeOf('rules', { score: 5, status: 'scored', items })]).judge(
      input,
    );
    expect(judgement.votes).toEqual([{ judge: 'rules', score: 5, status: 'scored', items }]);
    expect(judgementSchema.parse(judgement)).toEqual(judgement);
  });

  it('has no score when no member has one', async () => {
    expect(await panelJudge([silent, judgeOf('c', new Error('no server'))]).judge(input)).toMatchObject({
      score: null,
      status: 'malformed-verdict',
      rationale: 'No score: 2 of 2 votes missing (malformed-verdict, judge-failed)',
    });
  });

  it('asks each member at a place and with a seed of its own, the first as if it were alone', async () => {
    const seen: JudgeCallOptions[] = [];
    const watching = (id: string): Judge => ({
      id,
      async judge(_input, options = {}) {
        seen.push(options);
        return { score: 3, status: 'scored' };
      },
    });
    const options = { place: { task: 'evaluation', subject: 'x', turn: 1, role: 'judge' }, seed: 5 };
    await panelJudge([watching('a'), watching('a'), watching('b')]).judge(input, options);
    expect(seen[0]).toEqual(options);
    expect(seen.map(({ place }) => place?.role)).toEqual(['judge', 'judge-2', 'judge-3']);
    expect(new Set(seen.map(({ seed }) => seed)).size).toBe(3);
  });

  it('is named by its members, and has their prompts once', () => {
    const model = fakeModel('m', () => verdict(3));
    const { id, prompts } = panelJudge([
      holisticJudge(model),
      ruleJudge(),
      holisticJudge(model, { temperature: 1 }),
    ]);
    expect(id).toBe('panel(holistic:judge-aspects@2:t0:m + rule@2 + holistic:judge-aspects@2:t1:m)');
    expect(prompts?.map(({ name }) => name)).toEqual(['judge-aspects@2']);
  });

  it('refuses a case that one of its members refuses', () => {
    const judge = panelJudge([scored('a', 4), ruleJudge()]);
    expect(() => judge.checkCase?.(input.case)).toThrow(InvalidOptionError);
  });

  it('throws what every response would meet, and the reason of an abort', async () => {
    const keyless = judgeOf('k', new MissingKeyError('OpenAI', 'OPENAI_API_KEY'));
    await expect(panelJudge([scored('a', 4), keyless]).judge(input)).rejects.toThrow(MissingKeyError);
    const reason = new Error('enough');
    const judge = panelJudge([holisticJudge(fakeModel('m', () => verdict(3)))]);
    await expect(judge.judge(input, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it.each([
    ['judges', []],
    ['judges[1]', [scored('a', 4), {}]],
    ['judges', undefined],
  ])('refuses wrong %s by name', (option, judges) => {
    expect(() => panelJudge(judges as never)).toThrow(`"${option}"`);
  });
});
