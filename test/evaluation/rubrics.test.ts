import { describe, expect, it } from 'vitest';
import { judgementSchema } from '../../src/evaluation/judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { judgePrompt } from '../../src/evaluation/prompts/judge.ts';
import { judgeAspectsPrompt } from '../../src/evaluation/prompts/judge-aspects.ts';
import { assistant, user } from '../../src/messages.ts';
import { lockPrompt } from '../../src/models/locked-prompt.ts';
import { benchmarkCases, fakeModel, verdict } from './fakes.ts';

const [benchmarkCase] = benchmarkCases(1);
const input = {
  case: benchmarkCase!,
  conversation: [user('My bees are cross.'), assistant('Mine too.'), user('What now?')],
  response: 'Smoke, and a strong coffee.',
};
const aspects = { tone: 4, form: 5, uptake: 3 };
const whole = { honoured: ['T1'], violated: ['F2'], ...aspects, rationale: 'Dry.', score: 4 };

describe('the rubric of aspects', () => {
  it('is the default, and keeps sub-scores and the statements that are honoured and violated', async () => {
    const model = fakeModel('m', () => JSON.stringify(whole));
    const judgement = await holisticJudge(model).judge(input);
    expect(judgement).toEqual({
      score: 4,
      status: 'scored',
      rationale: 'Dry.',
      aspects,
      honoured: ['T1'],
      violated: ['F2'],
    });
    expect(judgementSchema.parse(judgement)).toEqual(judgement);
    const { properties } = model.calls[0]!.request.outputSchema!.schema;
    expect(Object.keys(properties as object).at(-1)).toBe('score');
    expect(properties).toMatchObject({ honoured: { items: { enum: ['F1', 'F2', 'T1', 'T2'] } } });
  });

  it('names only statements of the persona, once, and none that is on both sides', async () => {
    const said = { ...whole, honoured: ['t2', 'T2', 'T9', 'F1 '], violated: ['F1', 'T1'] };
    const judgement = await holisticJudge(fakeModel('m', () => JSON.stringify(said))).judge(input);
    expect(judgement).toMatchObject({ honoured: ['T2'], violated: ['T1'] });
  });

  it.each([[['T1: Hates fuss', '(f2)']], [['F2, T1']], ['f2 and T1'], ['T1/F2 – both of them']])(
    'finds the ids in what models write for them: %j',
    async (honoured) => {
      const said = { ...whole, honoured, violated: ['T11', 'F1x', 'The T2 in it', ''] };
      const judgement = await holisticJudge(fakeModel('m', () => JSON.stringify(said))).judge(input);
      expect(judgement).toMatchObject({ honoured: ['F2', 'T1'], violated: [] });
    },
  );

  it('has the score without the aspects when a weak model gives only that', async () => {
    expect(await holisticJudge(fakeModel('m', () => 'Score: 4')).judge(input)).toEqual({
      score: 4,
      status: 'scored',
      rationale: 'Score: 4',
    });
    const part = JSON.stringify({ tone: 4, rationale: 'Dry.', score: 4 });
    expect(await holisticJudge(fakeModel('m', () => part)).judge(input)).not.toHaveProperty('aspects');
  });

  it('keeps them in every vote', async () => {
    const judge = holisticJudge(
      fakeModel('m', () => JSON.stringify(whole)),
      { samples: 2 },
    );
    const { votes } = await judge.judge(input);
    expect(votes).toMatchObject([
      { aspects, honoured: ['T1'], violated: ['F2'] },
      { aspects, honoured: ['T1'], violated: ['F2'] },
    ]);
  });

  it('shows the statements with their ids, and the task where there is one', () => {
    const shown = (task?: string) =>
      judgeAspectsPrompt
        .messages({ ...input, persona: benchmarkCase!.persona, task })
        .map(({ content }) => content)
        .join('\n');
    for (const part of ['F2: Keeps bees', 'T1: Dry wit', 'My bees are cross.', 'Smoke, and']) {
      expect(shown()).toContain(part);
    }
    expect(shown()).not.toContain('In this conversation');
    expect(shown('wants a dinner planned')).toContain(
      'In this conversation the user wants a dinner planned.',
    );
  });

  it('tells the judge the task of the case', async () => {
    const model = fakeModel('m', () => verdict(3));
    await holisticJudge(model).judge({ ...input, case: { ...benchmarkCase!, task: 'wants a hive moved' } });
    expect(model.calls[0]!.request.messages[0]!.content).toContain('wants a hive moved');
  });
});

describe('the rubric of the paper', () => {
  it('is one score with its reason, in the words it always had', async () => {
    const model = fakeModel('m', () => verdict(3));
    const judge = holisticJudge(model, { rubric: 'paper' });
    expect(judge.id).toBe('holistic:judge@2:t0:m');
    expect(await judge.judge(input)).toEqual({ score: 3, status: 'scored', rationale: 'Because.' });
    const { request } = model.calls[0]!;
    expect(request.messages).toEqual(judgePrompt.messages({ ...input, persona: benchmarkCase!.persona }));
    expect(Object.keys(request.outputSchema!.schema.properties as object)).toEqual(['rationale', 'score']);
    const { persona } = benchmarkCase!;
    expect(
      lockPrompt(judgePrompt, { persona, conversation: input.conversation, response: 'Smoke.' }).sha256,
    ).toBe('846fcf026b190d13354c2bc61c8f7f85e822c0c75449d99eb0d8e7ddab2588c9');
  });

  it('differs from the other in id and prompts', () => {
    const model = fakeModel('m', () => '');
    const [first, second] = [holisticJudge(model), holisticJudge(model, { rubric: 'paper' })];
    expect(first.id).not.toBe(second.id);
    expect(first.prompts).not.toEqual(second.prompts);
  });

  it('cannot be asked for together with a prompt of your own', () => {
    const prompt = { id: 'mine', version: 1, messages: () => [] };
    expect(() =>
      holisticJudge(
        fakeModel('m', () => ''),
        { prompt, rubric: 'paper' },
      ),
    ).toThrow('"rubric"');
  });
});
