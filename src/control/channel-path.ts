import { lstatSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { RunStorageError } from '../errors.ts';
import { sha256 } from '../internal/hash.ts';
import { makeDirectory } from '../internal/make-directory.ts';
import { messageOf } from '../internal/message-of.ts';

/** The longest path of a socket that Linux (107) and macOS (103) accept, in bytes. */
const MAX_SOCKET_PATH = 103;
/** Characters of the hash in a socket's name. */
const NAME_LENGTH = 24;

const isWindows = process.platform === 'win32';

/**
 * Where a process listens that has this run open. It depends on nothing that lies in the run directory, so a directory of
 * somebody else cannot lead a command to another socket.
 *
 * @returns The path to listen at. Its directory exists and belongs to this user alone.
 * @throws RunStorageError if there is no such directory.
 */
export function channelToListenAt(runDir: string): string {
  if (isWindows) return pipeOf(runDir);
  const problems: string[] = [];
  for (const dir of socketDirs()) {
    const path = join(dir, nameOf(runDir));
    try {
      makeDirectory(dir, 0o700);
    } catch (error) {
      problems.push(messageOf(error));
      continue;
    }
    if (!isOwn(dir)) problems.push(`${dir} belongs to another user or is open to others`);
    else if (Buffer.byteLength(path) > MAX_SOCKET_PATH) problems.push(`${path} is too long for a socket`);
    else return path;
  }
  throw new RunStorageError(`The run cannot be steered from other processes: ${problems.join('; ')}.`, {
    hint: 'Set XDG_RUNTIME_DIR or TMPDIR to a directory of your own.',
  });
}

/** Every path at which a process of this user may listen for this run. */
export function channelsToTry(runDir: string): readonly string[] {
  if (isWindows) return [pipeOf(runDir)];
  return socketDirs()
    .filter(isOwn)
    .map((dir) => join(dir, nameOf(runDir)));
}

function nameOf(runDir: string): string {
  return `${hashOf(runDir)}.sock`;
}

/** Windows keeps pipes in one place, for all users. */
function pipeOf(runDir: string): string {
  return `\\\\.\\pipe\\aloe-align-${userInfo().username}-${hashOf(runDir)}`;
}

/** The same directory has the same name however it is written. */
function hashOf(runDir: string): string {
  return sha256(realpathSync.native(runDir)).slice(0, NAME_LENGTH);
}

/** By preference. Another terminal may have other variables, so commands try all of them. */
function socketDirs(): readonly string[] {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  const own = `aloe-align-${process.getuid?.() ?? 0}`;
  const dirs = [join(tmpdir(), own), join('/tmp', own)];
  return [...new Set(runtime ? [join(runtime, 'aloe-align'), ...dirs] : dirs)];
}

/** Whether it is a directory of this user, and only this user may enter it. Anybody may create names in `/tmp`. */
function isOwn(dir: string): boolean {
  const stats = lstatSync(dir, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;
}
