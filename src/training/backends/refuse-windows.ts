import { TrainingError } from '../../errors.ts';

/**
 * For backends that need bash, process groups or POSIX paths on this machine.
 *
 * @throws TrainingError on Windows.
 */
export function refuseWindows(backend: string): void {
  if (process.platform !== 'win32') return;
  throw new TrainingError(backend, 'This backend runs on Linux and macOS, not on Windows.', {
    hint: 'Use the Windows Subsystem for Linux (WSL), or a backend that trains elsewhere: "ray", "hugging-face-jobs", "together" or "hosted".',
  });
}
