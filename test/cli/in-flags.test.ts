import { expect, test } from 'vitest';
import { inFlags } from '../../src/cli/choose-model.ts';
import { flaggedRole } from '../../src/cli/role-model.ts';
import { RunConflictError } from '../../src/errors.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const models = ['user', 'judge'].map((role) => flaggedRole(scriptedModel(['Hi.'], { id: role }), role));

test('a limit on calls bought again that stops a run is named as a flag', () => {
  const hint = 'If it is meant, raise maxRebought or use another run directory.';
  const stopped = new RunConflictError('More than 3 calls would be bought again.', {
    modelId: 'judge',
    hint,
  });
  expect(inFlags(stopped, models)).toMatchObject({
    hint: 'If it is meant, raise --max-rebought or use another run directory.',
    modelId: 'judge',
  });
});

test('other errors stay as they are', () => {
  const error = new Error('full');
  expect(inFlags(error, models)).toBe(error);
  const unknown = new RunConflictError('Locked.', { modelId: 'third', hint: 'raise maxRebought' });
  expect(inFlags(unknown, models)).toBe(unknown);
});
