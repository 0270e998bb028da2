import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';

const EXAMPLE: string = fileURLToPath(new URL('../../examples/metrics.ts', import.meta.url));

it('the metrics example runs as it stands', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    // Not a literal: the example imports the built package, which the type checker would look for.
    await import(EXAMPLE);
    expect(log.mock.calls[0]).toEqual(['AL(k):', '2.25 2.75 3.14 3.88 4.38']);
    expect(log.mock.calls).toHaveLength(9);
  } finally {
    log.mockRestore();
  }
});
