import { slurmCommands } from '../../src/training/backends/slurm/commands.ts';
import { anyAccepts, type FuzzTarget } from './target.ts';

const ANSWERS = [
  '4711\n',
  '4711;cluster\n',
  'RUNNING|None\n',
  'FAILED|1:0\n',
  'JobId=4711 JobName=x\n   JobState=COMPLETED Reason=None\n   ExitCode=0:0\n',
  '',
];

/** What Slurm's commands print, on both streams and with both exit codes. */
export const COMMAND_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'slurm',
    inputs: ANSWERS.map((answer) => Buffer.from(answer)),
    read: async (input) => {
      const text = input.toString('utf8');
      const results = [
        { exitCode: 0, stdout: text, stderr: '' },
        { exitCode: 1, stdout: '', stderr: text },
        { exitCode: 1, stdout: text, stderr: 'slurm_load_jobs error: Invalid job id specified' },
      ];
      const readings = results.flatMap((result) => {
        const slurm = slurmCommands(async () => result);
        return [
          () => slurm.submit(['run.sh'], {}),
          () => slurm.find('aloe-x', {}),
          () => slurm.look('4711', 'aloe-x', {}),
          () => slurm.cancel('4711', {}),
        ];
      });
      return anyAccepts(...readings);
    },
  },
];
