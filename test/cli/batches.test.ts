import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BatchServer, startBatchServer } from '../models/batch/batch-server.ts';
import { type Finished, type ProgramOptions, runAloe } from './run-program.ts';
import { teach } from './teacher-server.ts';

describe('aloe evaluate with a judge in batches', { timeout: 300_000 }, () => {
  let cwd: string;
  let server: BatchServer;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'aloe-cli-batches-'));
    server = await startBatchServer();
    server.reply = teach;
    // The first look finds a batch done: the second comes after 30 s.
    server.pollsUntilDone = 1;
  });
  afterAll(async () => {
    await server?.close();
    await rm(cwd, { recursive: true, force: true });
  });

  const at = (name: string) => `openai-compatible:${name}@${server.baseUrl}`;
  const config = (run: string) => `
run: ${run}
seed: 3
sameModel: true
prices: { strict: { input: 1000, output: 1000 }, base: { input: 0, output: 0 } }
budget: { usd: 1000 }
models: { default: "${at('base')}", judge: { model: "${at('strict')}", batch: true }, embedder: lexical }
evaluation: { candidates: [bare], cases: 3, turns: 1, otherPersona: false }
`;
  async function evaluate(run: string, options: ProgramOptions = {}): Promise<Finished> {
    await writeFile(join(cwd, 'aloe.config.yaml'), config(run));
    return runAloe(['evaluate'], { cwd, ...options });
  }

  test('tells before how long it may take, and what becomes of each batch', async () => {
    const { code, stderr, stdout } = await evaluate('runs/a');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Estimate: .* It waits for one batch, which may take up to 24 hours\.$/m);
    expect(stderr).toMatch(/^Submitted 3 calls of strict as batch batch_2\. It may take up to 24 hours\.$/m);
    expect(stderr).toMatch(/^Batch batch_2 has ended after .*: 3 calls answered\.$/m);
    expect(stdout).toMatch(/^\| bare \| [1-5]\./m);
    // Half of 3 calls of 25 tokens.
    expect(stderr).toContain('Total cost of the run: $0.0375.');
  });

  test('aloe doctor asks the judge live', async () => {
    const before = server.batches.length;
    await writeFile(join(cwd, 'aloe.config.yaml'), config('runs/c'));
    const { stdout } = await runAloe(['doctor'], { cwd });
    expect(stdout).toMatch(/strict/);
    expect(server.batches).toHaveLength(before);
    expect(server.steps.at(-1)).toBe('chat');
  });

  test('Ctrl-C leaves the batch running, and the same command takes it up', async () => {
    const before = server.batches.length;
    server.pollsUntilDone = Number.POSITIVE_INFINITY;
    const interrupted = await evaluate('runs/b', {
      onStart: (program) => void program.said('Submitted 3 calls').then(() => program.interrupt()),
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toMatch(
      /^Batch batch_\d+ with 3 calls of strict runs on\. The same command, run again, takes it up\.$/m,
    );
    expect(server.steps).not.toContain('cancel');
    server.pollsUntilDone = 1;
    const { code, stderr } = await evaluate('runs/b');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^Waiting for 3 calls of strict in batch batch_\d+, which was submitted earlier\.$/m,
    );
    expect(server.batches).toHaveLength(before + 1);
  });
});
