import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TrainingError } from '../../../src/errors.ts';
import { type SetupPythonOptions, setupPython } from '../../../src/training/folder/setup-python.ts';

let folder: string;
let python: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe setup-'));
  python = await fakePython();
});
afterEach(() => rm(folder, { recursive: true }));

/** Makes "environments" whose Python is itself; fails to install while a file says so. */
async function fakePython(): Promise<string> {
  const path = join(folder, 'python3');
  const script = [
    '#!/bin/sh',
    'if [ "$3" = venv ]; then mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; exit; fi',
    `if [ -e '${folder}/offline' ]; then echo "ERROR: No matching distribution" >&2; exit 1; fi`,
    'echo "Installed $7"',
  ];
  await writeFile(path, `${script.join('\n')}\n`);
  await chmod(path, 0o755);
  return path;
}

/** What pip and venv were asked for, without what is the same each time. */
async function setup(options: Partial<SetupPythonOptions> = {}): Promise<string[]> {
  const dir = join(folder, 'environment');
  const commands: string[] = [];
  const own = await setupPython({
    dir,
    python,
    ...options,
    onEvent: (event) => event.type === 'setup-step' && commands.push(event.command),
  });
  expect(own).toBe(join(dir, 'bin', 'python'));
  return commands.map((command) => command.replace(/^.* -I -m (venv|pip install) .*?(--quiet |$)/, '$1 '));
}

const INSTALL = [
  'venv ',
  expect.stringMatching(/^pip install torch==\S+$/),
  expect.stringMatching(/^pip install -r \S+requirements-train\.txt --no-deps --require-hashes$/),
];
const INDEX = 'https://example.org/whl/cpu';

describe('setupPython', () => {
  test('installs torch first and on its own, then the rest, and only once', async () => {
    expect(await setup()).toEqual(INSTALL);
    expect(await setup()).toEqual([]);
  });

  test('installs again when other packages are requested', async () => {
    await setup();
    const commands = await setup({ packages: ['deepspeed'] });
    expect(commands.slice(0, 3)).toEqual(INSTALL);
    expect(commands.slice(3)).toEqual([
      expect.stringMatching(/^pip install -r \S+requirements-train\.in deepspeed$/),
    ]);
    expect(await setup({ packages: ['deepspeed'] })).toEqual([]);
    expect(await setup()).toHaveLength(3);
  });

  test('installs torch from the given index over another build; without an index any build will do', async () => {
    await setup();
    expect((await setup({ torchIndexUrl: INDEX }))[1]).toMatch(
      / --force-reinstall --index-url https:\S+cpu$/,
    );
    expect(await setup({ torchIndexUrl: INDEX })).toEqual([]);
    expect(await setup()).toEqual([]);
    expect(await setup({ torchIndexUrl: `${INDEX}2` })).toHaveLength(3);
  });

  test("fails with pip's own words, and is completed by the next start", async () => {
    await writeFile(join(folder, 'offline'), '');
    const failure = await setup().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrainingError);
    expect((failure as Error).message).toMatch(
      /pip install .* exited with code 1: ERROR: No matching distribution$/,
    );
    await rm(join(folder, 'offline'));
    expect(await setup()).toEqual(INSTALL);
  });

  test('runs once if several processes ask at the same time', async () => {
    const all = await Promise.all([setup(), setup(), setup()]);
    expect(all.map((commands) => commands.length).sort()).toEqual([0, 0, 3]);
  });

  test("tells pip's lines, and stops when it is told to", async () => {
    const lines: string[] = [];
    const dir = join(folder, 'told');
    await setupPython({
      dir,
      python,
      onEvent: (event) => event.type === 'setup-output' && lines.push(event.line),
    });
    expect(lines).toEqual([expect.stringMatching(/^Installed torch==/), 'Installed -r']);
    const stopped = join(folder, 'stopped');
    await expect(setupPython({ dir: stopped, python, signal: AbortSignal.abort() })).rejects.toThrow('abort');
    await expect(readFile(join(stopped, 'installed.txt'))).rejects.toThrow('ENOENT');
  });
});
