import { describe, expect, test } from 'vitest';
import { TrainingError } from '../../../src/errors.ts';
import type { CommandResult } from '../../../src/internal/run-command.ts';
import { hasEnded, isWaiting, slurmCommands } from '../../../src/training/backends/slurm/commands.ts';

/** Answers by command name; what is not listed fails as on a cluster without accounting. */
function answering(answers: Record<string, string>) {
  const asked: string[] = [];
  const commands = slurmCommands(async ([name = '', ...words]): Promise<CommandResult> => {
    asked.push([name, ...words].join(' '));
    const stdout = answers[name];
    return stdout === undefined
      ? { exitCode: 1, stdout: '', stderr: 'slurm_load_jobs error: Invalid job id specified' }
      : { exitCode: 0, stdout, stderr: '' };
  });
  return { asked, ...commands };
}

describe('a job of Slurm', () => {
  test('that waits or runs is known from the queue alone', async () => {
    const { asked, look } = answering({ squeue: 'PENDING|Resources\n' });
    expect(await look('7', 'aloe-x', {})).toEqual({ state: 'PENDING', reason: 'Resources', exitCode: null });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['7:0', 'FAILED', 7],
    ['0:15', 'CANCELLED by 0', 143],
    ['0:0', 'COMPLETED', 0],
  ])('that ended with %s is known from accounting', async (code, state, exitCode) => {
    const { look } = answering({ squeue: '', sacct: `${state}|${code}\n` });
    expect(await look('7', 'aloe-x', {})).toEqual({ state, reason: null, exitCode });
  });

  test('is known from the controller if there is no accounting', async () => {
    const scontrol =
      'JobId=7 JobName=aloe-x UserId=root(0) JobState=TIMEOUT Reason=TimeLimit ExitCode=0:1 Nodes=1\n';
    const { look } = answering({ squeue: 'TIMEOUT|TimeLimit', scontrol });
    expect(await look('7', 'aloe-x', {})).toEqual({ state: 'TIMEOUT', reason: 'TimeLimit', exitCode: 129 });
  });

  test('with another name under the same number is another job', async () => {
    const { look } = answering({
      squeue: '',
      scontrol: 'JobId=7 JobName=other JobState=RUNNING Reason=None',
    });
    expect(await look('7', 'aloe-x', {})).toBeNull();
  });

  test('that nobody knows is null', async () => {
    expect(await answering({}).look('7', 'aloe-x', {})).toBeNull();
  });

  test('is found by its name if its number was not recorded', async () => {
    expect(await answering({ squeue: '12\n' }).find('aloe-x', {})).toBe('12');
    expect(await answering({ squeue: '\n' }).find('aloe-x', {})).toBeNull();
    const { asked, find } = answering({ squeue: '12\n' });
    await find('aloe-x', {});
    await find('aloe-x', { orEnded: true });
    expect(asked.map((words) => words.includes('--states=all'))).toEqual([false, true]);
  });

  test('has the number that sbatch prints, with or without a cluster', async () => {
    expect(await answering({ sbatch: '12;main\n' }).submit(['x'], {})).toBe('12');
    expect(await answering({ sbatch: '12\n' }).submit(['x'], {})).toBe('12');
  });

  test('that is refused is reported in Slurm’s words', async () => {
    await expect(answering({}).submit(['x'], {})).rejects.toThrow(/slurm: sbatch: .*Invalid job id/);
  });

  test('cannot be submitted without Slurm, and the error says what to do', async () => {
    const commands = slurmCommands(async () => {
      throw new Error('spawn sbatch ENOENT');
    });
    const failure = await commands.submit(['x'], {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrainingError);
    expect((failure as Error).message).toContain('pass runCommand');
  });
});

test('unknown states, from a newer release, count as running', () => {
  expect(['PENDING', 'CONFIGURING', 'REQUEUED'].every(isWaiting)).toBe(true);
  expect(['RUNNING', 'COMPLETING', 'SOMETHING_NEW'].some(hasEnded)).toBe(false);
  expect(['COMPLETED', 'CANCELLED by 0', 'NODE_FAIL', 'OUT_OF_MEMORY'].every(hasEnded)).toBe(true);
});
