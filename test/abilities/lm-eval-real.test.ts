import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunLmEvalOptions, runLmEval } from '../../src/abilities/index.ts';
import { runCommand } from '../../src/internal/run-command.ts';

// ALOE_TEST_LM_EVAL names a Python with `lm_eval[hf]`, which takes minutes to install.
const python = process.env.ALOE_TEST_LM_EVAL;
const MINUTES = 60_000;

/** A task whose data is a file. The first answer is the right one. */
const task = (data: string) => `
task: colours
dataset_path: json
dataset_kwargs: { data_files: { test: ${JSON.stringify(data)} } }
output_type: multiple_choice
test_split: test
doc_to_text: "{{question}}"
doc_to_choice: "{{answers}}"
doc_to_target: 0
metric_list: [{ metric: acc, aggregation: mean, higher_is_better: true }]
`;

describe.runIf(python !== undefined)('lm-evaluation-harness itself', { timeout: 10 * MINUTES }, () => {
  let dir: string;
  let model: string;
  let options: Omit<RunLmEvalOptions, 'tasks'>;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe lm-eval-'));
    model = join(dir, 'model');
    const made = await runCommand([python!, 'test/training/real/make_tiny_model.py', model]);
    expect(made.exitCode, made.stderr).toBe(0);
    const tasks = join(dir, 'tasks');
    await mkdir(tasks);
    const data = join(tasks, 'colours.jsonl');
    const row = { question: 'The night shift is', answers: [' done', ' decaf'] };
    await writeFile(data, `${JSON.stringify(row)}\n`.repeat(4));
    await writeFile(join(tasks, 'colours.yaml'), task(data));
    options = { command: [python!, '-m', 'lm_eval'], includePath: tasks, arguments: ['--device', 'cpu'] };
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    vi.stubEnv('OMP_NUM_THREADS', '1');
  }, 5 * MINUTES);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(dir, { recursive: true });
  });

  test('a task of one’s own is measured without a network', async () => {
    const { version, limit, tasks } = await runLmEval(model, { ...options, tasks: ['colours'], limit: 3 });
    expect(version).toMatch(/^\d/);
    expect(limit).toBe(3);
    // Of equal rows all are right, or none.
    expect(tasks).toEqual([
      {
        task: 'colours',
        metric: 'acc,none',
        value: expect.any(Number),
        standardError: 0,
        higherIsBetter: true,
      },
    ]);
    expect([0, 1]).toContain(tasks[0]!.value);
  });

  test('a task that it does not have, and one that needs the hub, say so and what to do', async () => {
    await expect(runLmEval(model, { ...options, tasks: ['colurs'] })).rejects.toMatchObject({
      message: expect.stringMatching(/Tasks not found: colurs[\s\S]*lm_eval ls tasks/),
    });
    await expect(runLmEval(model, { ...options, tasks: ['arc_easy'] })).rejects.toMatchObject({
      message: expect.stringMatching(/Couldn't reach 'allenai\/ai2_arc'[\s\S]*tasks of your own/),
    });
  });

  test('a Python without the harness says how to install it', async () => {
    // Without its packages, Python has none but its own.
    const command = [python!, '-I', '-S', '-m', 'lm_eval'];
    await expect(runLmEval(model, { ...options, command, tasks: ['colours'] })).rejects.toThrow(
      /No module named[\s\S]*pip install/,
    );
  });
});
