import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { caseAt } from '../../src/benchmark/benchmark-case.ts';
import { driftCases } from '../../src/benchmark/drift-cases.ts';
import { taskCases } from '../../src/benchmark/task-cases.ts';
import { userTasks } from '../../src/conversations/behaviour/tasks.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import { contentWords } from '../../src/personas/rules/told-statements.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from '../evaluation/fakes.ts';

const TASK = 'wants a toast written';
const rolePlayer = {
  id: 'told',
  version: 1,
  messages: ({ task }: { readonly task?: string | undefined }) => [
    { role: 'user' as const, content: `Task: ${task}` },
  ],
};

describe('userTasks', () => {
  it('are different sentences without a subject', () => {
    expect(new Set(userTasks).size).toBeGreaterThanOrEqual(40);
    for (const task of userTasks) expect(task).toMatch(/^wants \S.{10,110}[^\s.]$/);
  });

  it('are about the life of no shipped persona: no fact shares three content words with one', () => {
    const shared = userTasks.flatMap((task) => {
      const words = contentWords(task);
      return aloeCases().flatMap(({ persona }) =>
        persona.profile.facts.filter(
          (fact) => [...contentWords(fact)].filter((word) => words.has(word)).length >= 3,
        ),
      );
    });
    expect(shared).toEqual([]);
  });
});

describe('taskCases', () => {
  it('gives each case a task by its id and the seed alone, so that more cases change none', () => {
    const drawn = (count: number, seed: number) =>
      taskCases(aloeCases({ count }), { seed }).map(({ id, task }) => `${id} ${task}`);
    expect(drawn(100, 1).slice(0, 10)).toEqual(drawn(10, 1));
    expect(drawn(20, 1)).not.toEqual(drawn(20, 2));
    expect(drawn(1, 1)[0]).toMatch(/^aloe-001-task wants /);
    expect(new Set(taskCases(aloeCases()).map(({ task }) => task)).size).toBeGreaterThan(30);
  });

  it('leaves the rest of a case as it is, a drift included, and keeps the task when a drift is added', () => {
    const tasks = [TASK];
    const [first] = taskCases(driftCases(aloeCases({ count: 4 })), { tasks });
    const [second] = driftCases(taskCases(aloeCases({ count: 4 }), { tasks }));
    for (const drifting of [first!, second!]) {
      expect(drifting).toMatchObject({ task: TASK, drift: { turn: 6 } });
      expect(caseAt(drifting, 6)).toEqual({ id: drifting.id, persona: drifting.drift!.persona, task: TASK });
    }
  });

  it.each([
    ['seed', () => taskCases(aloeCases(), { seed: -1 })],
    ['tasks', () => taskCases(aloeCases(), { tasks: [] })],
    ['tasks', () => taskCases(aloeCases(), { tasks: ['  '] })],
    // From JavaScript.
    ['tasks', () => taskCases(aloeCases(), { tasks: JSON.parse('false') })],
    ['cases', () => taskCases(taskCases(aloeCases()))],
  ])('refuses a bad %s by name', (option, call) => {
    expect(call).toThrow(`"${option}"`);
  });
});

describe('an evaluation with tasks', () => {
  const [plain, other] = benchmarkCases(2);
  const cases = [{ ...plain!, task: TASK }, other!];
  const play = (judge = fakeJudge()) =>
    new AloeEvaluator({
      user: fakeUser(),
      judge,
      cases,
      turns: 1,
      prompts: { user: rolePlayer },
    }).evaluate(fakeCandidate());

  it('tells user and judge of the task, records it, and gives the other persona the same one', async () => {
    const judge = fakeJudge();
    const result = await play(judge);
    expect(result.cases.map(({ task }) => task)).toEqual([TASK, undefined]);
    expect('task' in result.cases[1]!).toBe(false);
    const told = judge.calls.map(({ request, options }) => [
      `${options.place?.subject} ${options.place?.role}`,
      request.messages[0]!.content.includes(`In this conversation the user ${TASK}.`),
    ]);
    expect(Object.fromEntries(told)).toEqual({
      'case-1/candidate judge': true,
      'case-1/candidate judge:other': true,
      'case-2/candidate judge': false,
      'case-2/candidate judge:other': false,
    });
  });

  it('is another set of cases to the lock, and can be judged again with the task', async () => {
    const result = await play();
    const bare = await new AloeEvaluator({
      user: fakeUser(),
      judge: fakeJudge(),
      cases: [plain!, other!],
      turns: 1,
      prompts: { user: rolePlayer },
    }).evaluate(fakeCandidate());
    expect(result.lock.cases.sha256).not.toBe(bare.lock.cases.sha256);
    const strict = fakeJudge();
    await rejudge(result, checklistJudge(strict), { otherPersona: false });
    const asked = strict.calls.map(({ request }) => JSON.stringify(request.messages));
    expect(asked.filter((messages) => messages.includes(TASK)).length).toBeGreaterThan(0);
  });

  it.each([[''], [5]])('refuses the task %j', (task) => {
    const bad = [{ ...plain!, task: task as string }];
    expect(() => new AloeEvaluator({ user: fakeUser(), judge: fakeJudge(), cases: bad })).toThrow(
      '"cases[0].task"',
    );
  });
});
