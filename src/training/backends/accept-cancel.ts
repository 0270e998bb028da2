import type { WholeResponse } from '../../http/whole-request.ts';
import type { TrainingStatus } from '../training-backend.ts';
import type { EngineApi } from './engine-api.ts';

/**
 * Services refuse to cancel a job that has ended, each with its own message: then it is left as it is.
 *
 * @throws TrainingError when the service refused, and the job has not ended.
 */
export async function acceptCancel(
  api: EngineApi,
  response: WholeResponse,
  look: () => Promise<TrainingStatus>,
): Promise<void> {
  if (response.status < 300) return;
  const { state } = await look();
  if (!['succeeded', 'failed', 'cancelled'].includes(state)) api.expectSuccess(response);
}
