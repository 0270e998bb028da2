import { describe, expect, test } from 'vitest';
import { userTasks } from '../../../src/conversations/behaviour/tasks.ts';
import { conversationTreeSchema } from '../../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../../src/conversations/conversation-tree-builder.ts';
import { memoryRun } from '../../../src/runs/run.ts';
import { beekeepers, cast } from '../fakes.ts';

const rolePlayer = {
  id: 'told',
  version: 1,
  messages: ({ task }: { readonly task?: string | undefined }) => [
    { role: 'user' as const, content: `Task: ${task}` },
  ],
};

async function build(tasks: boolean | readonly string[], seed = 7) {
  const model = cast();
  const options = { run: memoryRun({ seed }), roles: model, turns: 2, order: 'input' as const };
  const builder = new ConversationTreeBuilder({ ...options, tasks, prompts: { rolePlayer } });
  const trees = await Array.fromAsync(builder.build(beekeepers(6)));
  const told = model.calls.flatMap(({ request, options: { place } }) =>
    place?.role === 'role-player' ? [request.messages[0]!.content] : [],
  );
  return { trees, told };
}

describe('tasks of conversations', () => {
  test('are drawn by the seed, told to the role-player at each turn, and recorded in the tree', async () => {
    const { trees, told } = await build(true);
    const tasks = trees.map(({ task }) => task!);
    for (const task of tasks) expect(userTasks).toContain(task);
    expect(told.toSorted()).toEqual([...tasks, ...tasks].map((task) => `Task: ${task}`).toSorted());
    expect((await build(true)).trees.map(({ task }) => task)).toEqual(tasks);
    expect((await build(true, 8)).trees.map(({ task }) => task)).not.toEqual(tasks);
    expect(conversationTreeSchema.parse(trees[0]).task).toBe(tasks[0]);
  });

  test('come from a list of your own, or there are none', async () => {
    expect((await build(['wants a toast written'])).trees[5]!.task).toBe('wants a toast written');
    const { trees, told } = await build(false);
    expect('task' in trees[0]!).toBe(false);
    expect(told[0]).toBe('Task: undefined');
  });

  test.each([[[]], [['']], ['a toast']])('refuse %j', (tasks) => {
    const options = { roles: cast(), tasks: tasks as never };
    expect(() => new ConversationTreeBuilder(options)).toThrow('"tasks"');
  });
});
