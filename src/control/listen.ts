import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { RunStorageError } from '../errors.ts';
import { messageOf } from '../internal/message-of.ts';
import { channelToListenAt } from './channel-path.ts';

/** A run that other processes of this user can connect to. */
export interface Listening {
  readonly path: string;
  /** Ends all connections and removes the socket, at once. */
  close(): void;
}

/**
 * Listens on the local channel of a run directory: a unix socket that only this user can open, or a named pipe on
 * Windows. It does not keep the process alive. The caller must hold the lock of the run: a socket that lies there was left
 * by a process that was killed, and is replaced.
 *
 * @throws RunStorageError if there is no place for the socket.
 */
export async function listenFor(runDir: string, onConnection: (socket: Socket) => void): Promise<Listening> {
  const path = channelToListenAt(runDir);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.unref();
    socket.on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  const isFile = process.platform !== 'win32';
  try {
    if (isFile) rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    // Its directory is private already.
    if (isFile) chmodSync(path, 0o600);
  } catch (cause) {
    server.close();
    throw new RunStorageError(`The run cannot be steered from other processes (${messageOf(cause)}).`, {
      cause,
    });
  }
  server.unref();

  // Node removes the socket only when it closes the server, which a process that just ends does not do.
  const removeOnExit = () => rmSync(path, { force: true });
  process.once('exit', removeOnExit);
  return {
    path,
    close() {
      process.off('exit', removeOnExit);
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
