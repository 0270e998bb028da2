import { expect, test } from 'vitest';
import { trackModels } from '../../src/control/model-activity.ts';
import { ModelCallError } from '../../src/errors.ts';

test('says why a model is away, though no call of it has failed for good or been sent again', () => {
  const models = trackModels();
  const error = new ModelCallError('m', 'the server cannot be reached.', { retryable: true });
  models.take({ type: 'model-away', model: 'm', sinceMs: 0, error });
  expect(models.errors()).toMatchObject([{ model: 'm', message: error.message, retried: true }]);
  expect(models.models()).toMatchObject([
    { model: 'm', retries: 0, failures: 0, lastError: { message: error.message } },
  ]);
});
