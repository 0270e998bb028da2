import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFakeTrainer } from '../../src/testing/fake-trainer.ts';
import type { ChatServer } from '../models/chat-server.ts';
import { type ProgramOptions, ROOT, runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

const STEPS = [10, 20, 30];

// The engine runs bash.
describe.skipIf(process.platform === 'win32')('aloe train choose', { timeout: 300_000 }, () => {
  let cwd: string;
  let job: string;
  let server: ChatServer;
  const aloe = (words: string, options: ProgramOptions = {}) =>
    runAloe(words.split(' '), { cwd, ...options });
  const serve = `${process.execPath} ${join(ROOT, 'test/training/serving/small-server.ts')} {model} {port}`;
  const choose = (words = '', options: ProgramOptions = {}) =>
    runAloe(['train', 'choose', '--serve', serve, ...words.split(' ').filter((word) => word !== '')], {
      cwd,
      ...options,
    });

  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'aloe-choose-'));
    server = await startTeacherServer();
    const config = `
run: runs/first
sameModel: true
seed: 7
models: { default: "openai-compatible:teacher@${server.baseUrl}", embedder: lexical }
personas: { profiles: 20, personalities: 20, personalitiesPerProfile: 1 }
conversations: { personas: 6, turns: 2 }
export: { formats: [trl-sft], validationShare: 0.5 }
evaluation: { judge: rules, turns: 2 }
training: { base: some/model, checkpoints: 3, resources: { gpus: 0 } }
`;
    await writeFile(join(cwd, 'aloe.config.yaml'), config);
    await writeFakeTrainer(join(cwd, 'python'));
    for (const words of ['personas', 'simulate', 'export', 'train submit --follow --python ./python']) {
      const { code, stdout, stderr } = await aloe(words);
      expect(code, stderr).toBe(0);
      job = join(cwd, dirname(stdout.split('\n')[0]!));
    }
    // What a trainer that saves complete models leaves.
    for (const step of STEPS) {
      const checkpoint = join(job, `sft/adapter/checkpoint-${step}`);
      await mkdir(checkpoint);
      await writeFile(join(checkpoint, 'config.json'), '{}');
      await writeFile(join(checkpoint, 'model.safetensors'), `weights ${step}`);
      await writeFile(
        join(checkpoint, 'trainer_state.json'),
        JSON.stringify({ global_step: step, epoch: 1 }),
      );
    }
  }, 300_000);
  afterAll(async () => {
    await server?.close();
    await rm(cwd, { recursive: true, force: true });
  });

  test('it says what it will cost, is killed and run again without a call twice, and says what to do next', async () => {
    const killed = await choose('', {
      onStart: (program) => void program.said('sft step 20.').then(() => program.kill()),
    });
    expect(killed.code).toBeNull();
    expect(killed.stderr).toMatch(/^Estimate: \d+ model calls/m);
    expect(killed.stderr).toMatch(/^aloe \w{8}, sft step 10: AL [\d.]+\.$/m);

    const again = await choose('--out chosen --json');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toMatch(/^Estimate: \d+ calls stored, \d+ to buy/m);
    expect(again.stderr).toContain('Serving it, as not all its answers are stored.');
    expect(again.stderr).toMatch(/^Writing the weights of aloe \w{8}, sft step 10 to chosen\.$/m);
    expect(again.stderr).toContain('To serve the weights: transformers serve chosen --port 8000');
    const { chosen, checkpoints, results, model } = JSON.parse(again.stdout);
    expect(checkpoints.map(({ step }: { readonly step: number }) => step)).toEqual(STEPS);
    // The small server says the same whatever it serves.
    expect(chosen.step).toBe(10);
    expect(results).toHaveLength(STEPS.length);
    expect(model).toBe('chosen');
    expect((await readdir(join(cwd, 'chosen'))).sort()).toEqual(['config.json', 'model.safetensors']);

    const calls = server.seen.length;
    const third = await choose();
    expect(server.seen.length).toBe(calls);
    expect(third.stdout).toContain('Chosen: sft 10');
    expect(third.stderr).toContain('the same command with --out DIR');
    const distinct = new Set(server.seen.map((body) => JSON.stringify(body)));
    expect(distinct.size).toBe(calls);
  });

  test('a directory that is there is not written to, and Ctrl-C says how to go on', async () => {
    await mkdir(join(cwd, 'there'), { recursive: true });
    const refused = await choose('--out there');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/"out": expected a directory that does not exist yet, got "there"/);
    const stopped = await choose('--seed 8 --files runs/first --run runs/second', {
      onStart: (program) => void program.said('Measuring aloe').then(() => program.interrupt()),
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Run the same command again');
  });

  test.each([
    ['more people than were held out', '--cases 99', 'Option "cases": expected'],
    ['no patience at all', '--patience 0', 'Option "patience": expected'],
    ['a stage that the job has not', '--stage kto', 'kto'],
    ['a job that is not there', '--job none', 'none: cannot be read'],
  ])('%s is refused', async (_what, words, message) => {
    const { code, stdout, stderr } = await choose(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
