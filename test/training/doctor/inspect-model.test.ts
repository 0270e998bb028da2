import { expect, test } from 'vitest';
import { inspectModel } from '../../../src/training/doctor/inspect-model.ts';
import { QWEN } from '../plan/configs.ts';

function inspect(model: object, exitCode = 0) {
  const run = async () => ({
    exitCode,
    stdout: `a warning\n${JSON.stringify({ model })}\n`,
    stderr: 'no module trl',
  });
  return inspectModel('some/model', { python: 'python3', run });
}

test('facts of a model on the hub come from its config and its number of weights', async () => {
  const facts = await inspect({
    error: null,
    parameters: 7_615_616_512,
    config: { ...QWEN, rope_theta: 1e6 },
  });
  expect(facts).toMatchObject({ parameters: 7_615_616_512, layers: 28, keyValueHeads: 4 });
});

test('what Python says is told', async () => {
  await expect(inspect({ error: 'OSError: no such model' })).rejects.toThrow('OSError: no such model');
  await expect(inspect({}, 1)).rejects.toThrow('no module trl');
  await expect(inspect({ error: null, parameters: 5, config: { n_layer: 2 } })).rejects.toThrow(
    'could not read the config of some/model',
  );
});
