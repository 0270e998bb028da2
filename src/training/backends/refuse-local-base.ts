import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { InvalidOptionError } from '../../errors.ts';
import type { TrainingJob } from '../job/training-job.ts';

/** @throws InvalidOptionError for a base model on this machine, which a service cannot see. */
export function refuseLocalBase({ base }: TrainingJob): void {
  if (!isAbsolute(base) || !existsSync(base)) return;
  throw new InvalidOptionError('base', "the service's name for a model", base, {
    hint: 'A local directory cannot be uploaded as a base model.',
  });
}
