import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFakeTrainer } from '../../src/testing/fake-trainer.ts';
import { writeSmallData } from '../training/small-job.ts';
import { runAloe } from './run-program.ts';

/** For commands that fail before the data is needed. */
const JOB = ['--base', 'x', '--dpo', 'some.jsonl'];

// Each is several programs, one after the other.
describe('aloe train', { timeout: 300_000 }, () => {
  let folder: string;
  let flags: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aloe train's $(touch pwned) -"));
    const { sft, dpo } = await writeSmallData(folder);
    const python = await writeFakeTrainer(join(folder, 'python'));
    flags = ['--base', 'some/model', '--sft', sft, '--dpo', dpo, '--gpus', '0', '--python', python];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const aloe = (...words: string[]) => runAloe(['train', ...words], { cwd: folder });
  const recipe = async (name: string, options: object): Promise<string[]> => {
    await writeFile(join(folder, name), JSON.stringify(options));
    return ['--recipe', name];
  };
  const fileOf = (stdout: string): string => stdout.split('\n')[0]!;

  test('a dry run prints configs, script and commands, and submits nothing', async () => {
    const { code, stdout } = await aloe('submit', ...flags, '--dir', 'dry', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('--- config/dpo.yaml\nmodel_name_or_path: ./sft/model\n');
    expect(stdout).toContain('--- run.sh\n#!/usr/bin/env bash\n');
    expect(stdout).toMatch(/\ncp .*sft .*data\/sft\/train\.jsonl'?\n/);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/bash run\.sh$/);
    await expect(readFile(join(folder, 'dry'))).rejects.toThrow('ENOENT');
  });

  test('a job is submitted and followed to its end, queried again and fetched', async () => {
    const submitted = await aloe('submit', ...flags, '--follow');
    expect(submitted).toMatchObject({ code: 0 });
    expect(submitted.stdout).toMatch(
      /^succeeded \(exit code 0\)\n {2}sft, step 3: loss 4\.5, reward margin 0\.3$/m,
    );
    const job = fileOf(submitted.stdout);

    const status = await aloe('status', '--job', job, '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'succeeded', exitCode: 0 });
    expect(JSON.parse(status.stdout).metrics).toHaveLength(6);
    expect((await aloe('logs', '--job', job)).stdout).toContain('== dpo-merge\n');
    expect((await aloe('fetch', '--job', job, '--out', 'my result')).stdout).toContain(
      'dpo/model/model.safetensors',
    );
    expect(await readFile(join(folder, 'my result/dpo/model/model.safetensors'), 'utf8')).toBe('merged');

    // Without a name it is the one submitted last.
    expect((await aloe('status')).stdout).toMatch(/^succeeded/);

    const again = await aloe('submit', ...flags);
    expect(fileOf(again.stdout)).toBe(job);
    expect(again.stderr).toContain(`Check on it with: aloe train status --job ${job}`);
    const json = await aloe('submit', ...flags, '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      submission: job,
      backend: 'local',
      job: expect.any(String),
    });
    const logs = await aloe('logs', '--job', job, '--json');
    expect(JSON.parse(logs.stdout).log).toContain('== dpo-merge\n');
  });

  test('a submission tells of steps so few that nothing is learned', async () => {
    const { code, stderr } = await aloe('submit', ...flags, '--dpo-option', 'max_steps=2', '--dir', 'few');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: sft learns nothing: .*num_train_epochs.*\nSubmitted "aloe"/);
  });

  test('what a config says is trained on the files of its run, and flags override it', async () => {
    const cwd = join(folder, 'study');
    await mkdir(join(cwd, 'runs/first/data'), { recursive: true });
    const { sft, dpo } = await writeSmallData(folder);
    await copyFile(sft, join(cwd, 'runs/first/data/trl-sft.train.jsonl'));
    await copyFile(sft, join(cwd, 'runs/first/data/trl-sft.validation.jsonl'));
    await copyFile(dpo, join(cwd, 'runs/first/data/trl-dpo.train.jsonl'));
    await writeFile(join(cwd, 'runs/first/data/trl-dpo.validation.jsonl'), '');
    const config =
      'run: runs/first\ntraining: { base: some/model, resources: { gpus: 0 }, dpoOptions: { beta: 0.3 } }\n';
    await writeFile(join(cwd, 'aloe.config.yaml'), config);
    const dryRun = (...words: string[]) =>
      runAloe(['train', 'submit', '--dry-run', '--json', ...flags.slice(-2), ...words], { cwd });
    const whole = await dryRun();
    expect(whole).toMatchObject({ code: 0 });
    const { files } = JSON.parse(whole.stdout);
    expect(files['config/sft.yaml']).toMatch(/^model_name_or_path: some\/model\n.*\neval_strategy: steps$/m);
    expect(files['config/dpo.yaml']).toMatch(/^beta: 0\.3$/m);
    expect(files['config/dpo.yaml']).not.toContain('eval_strategy: steps');

    const alone = await dryRun('--base', 'other/model', '--dpo', dpo);
    expect(Object.keys(JSON.parse(alone.stdout).files)).not.toContain('config/sft.yaml');
    expect(alone.stdout).toContain('other/model');

    const elsewhere = await dryRun('--run', 'runs/second');
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stderr).toMatch(/no training files of TRL in runs\/second\/data\..*aloe export/);
  });

  test('options of trainers and of the backend, validation files and resources are flags too', async () => {
    const [, , , sft, , dpo] = flags as [string, string, string, string, string, string];
    await writeFile(
      join(folder, 'recipe.yaml'),
      'dpoOptions: { beta: 0.3, max_steps: 7 }\nresources: { cpus: 2 }\n',
    );
    const { code, stdout, stderr } = await aloe(
      ...['submit', '--dry-run', '--json', ...flags, '--recipe', 'recipe.yaml'],
      ...['--sft-option', 'learning_rate=2e-5', '--sft-option=lora_target_modules=[q_proj, v_proj]'],
      ...['--dpo-option', 'max_steps=9', '--dpo-option', 'run_name=night=shift'],
      ...['--sft-validation', sft, '--dpo-validation', dpo],
      ...['--memory', '8', '--time-limit', '90', '--backend', 'slurm'],
      ...[
        '--engine-option',
        'prologue=["module load cuda"]',
        '--engine-option',
        'sbatchOptions=[--qos=long]',
      ],
    );
    expect(code, stderr).toBe(0);
    const { files, actions } = JSON.parse(stdout);
    expect(files['config/sft.yaml']).toMatch(/^learning_rate: 0\.00002$/m);
    expect(files['config/sft.yaml']).toMatch(/^lora_target_modules:\n {2}- q_proj\n {2}- v_proj$/m);
    expect(files['config/sft.yaml']).toMatch(/^eval_strategy: steps$/m);
    expect(files['config/dpo.yaml']).toMatch(/^max_steps: 9$/m);
    expect(files['config/dpo.yaml']).toMatch(/^beta: 0\.3$/m);
    expect(files['config/dpo.yaml']).toMatch(/^run_name: night=shift$/m);
    expect(files['slurm.sh']).toContain('\nmodule load cuda\n');
    expect(actions.at(-1)).toMatch(/--cpus-per-task=2 --mem=8G --time=90 --qos=long /);
  });

  test('a job that one process submitted is cancelled by another', async () => {
    const long = await recipe('long.json', { dpoOptions: { max_steps: 10_000 } });
    const job = fileOf((await aloe('submit', ...long, ...flags)).stdout);
    expect((await aloe('status', '--job', job)).stdout).toMatch(/^running/);
    expect((await aloe('cancel', '--job', job)).stdout).toMatch(/^cancelled/);
    const fetched = await aloe('fetch', '--job', job, '--out', 'nothing');
    expect(fetched).toMatchObject({ code: 1, stdout: '' });
    expect(fetched.stderr).toContain('No result: cancelled');
  });

  test('a job that fails gives exit code 1 and its reason', async () => {
    const failing = await recipe('failing.json', { environment: { FAKE_EXIT_CODE: '7' } });
    const { code, stdout } = await aloe('submit', ...failing, ...flags, '--follow');
    expect(code).toBe(1);
    expect(stdout).toContain('failed (exit code 7): ValueError: told to fail');
    expect((await aloe('status', '--job', fileOf(stdout))).code).toBe(1);
  });

  test('the doctor names what is missing and how to get it', async () => {
    const { code, stdout } = await aloe('doctor', ...flags.slice(0, -1), 'no-such-python');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^ok {7}data of sft: .*: 8 rows\. Rows longer than 2048 tokens were not looked for/m,
    );
    expect(stdout).toMatch(
      /^ERROR {4}python: Could not run no-such-python .*\n +Create an environment with/m,
    );
  });

  test.each([
    ['no base', ['submit'], 'Option "base": expected the name or directory of a model'],
    ['a typo in a recipe', ['submit', '--recipe', 'typo.json'], 'Unrecognized key: "sftOption"'],
    ['a recipe that is not there', ['submit', '--recipe', 'none.json'], 'none.json: cannot be read'],
    [
      'an engine that is none',
      ['submit', '--base', 'x', '--backend', 'cloud'],
      'Option "backend": expected one of',
    ],
    [
      'a flag of another engine',
      ['submit', '--base', 'x', '--partition', 'p'],
      '--backend local does not support it',
    ],
    ['an engine without its address', ['submit', '--base', 'x', '--backend', 'ray'], 'Option "address"'],
    ['a job that is not there', ['status', '--job', 'none'], 'none: cannot be read (no such file)'],
    [
      'a trainer option without a value',
      ['submit', ...JOB, '--dpo-option', 'beta'],
      'Option "dpo-option": expected NAME=VALUE, got "beta"',
    ],
    [
      'a trainer option given twice',
      ['submit', ...JOB, '--dpo-option', 'beta=1', '--dpo-option', 'beta=2'],
      'one value for beta',
    ],
    [
      'a trainer option that is not YAML',
      ['submit', ...JOB, '--dpo-option', 'beta=[1'],
      'expected a value in YAML, got "[1"',
    ],
    ['a mistyped trainer option', ['submit', ...JOB, '--dpo-option', 'betta=1'], 'Did you mean "beta"?'],
    [
      'an option of a stage that is not trained',
      ['submit', ...JOB, '--sft-option', 'lora_r=8'],
      'expected training data for sft too',
    ],
    [
      'validation of a stage that is not trained',
      ['submit', ...JOB, '--sft-validation', 'x'],
      'expected training data for sft too',
    ],
    [
      'a mistyped option of the backend',
      ['submit', ...JOB, '--engine-option', 'graceMS=1'],
      'Did you mean "graceMs"?',
    ],
    [
      'a text for a list',
      ['submit', ...JOB, '--backend', 'slurm', '--engine-option', 'prologue=module load cuda'],
      'Option "prologue": expected a list of texts',
    ],
    [
      'a key on the command line',
      ['submit', ...JOB, '--engine-option', 'apiKey=canary'],
      'no apiKey, as others can see a command line',
    ],
    [
      'a flag as an option',
      ['submit', ...JOB, '--python', 'x', '--engine-option', 'python=y'],
      'no python, as a flag sets it',
    ],
    ['GPUs in words', ['submit', '--base', 'x', '--gpus', 'two'], 'Option "gpus": expected a whole number'],
  ])('%s is reported in one sentence', async (_what, words, message) => {
    await writeFile(join(folder, 'typo.json'), '{"base": "x", "sftOption": {}}');
    await writeFile(join(folder, 'some.jsonl'), '{}\n');
    const { code, stderr } = await aloe(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
