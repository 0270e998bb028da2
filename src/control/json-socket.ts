import type { Socket } from 'node:net';

/** The longest line that is accepted. A page of finished conversations is the largest message. */
const MAX_LINE_BYTES = 64 * 1_048_576;

/** JSON values over a socket, one per line. */
export interface JsonSocket {
  send(value: unknown): void;
  close(): void;
}

/** What a {@link JsonSocket} reports. */
export interface JsonSocketListener {
  /** Called with each value, in order. */
  readonly onValue: (value: unknown) => void;
  /** Called once, when nothing will follow. The error is undefined if the other side has closed. */
  readonly onEnd: (error?: Error) => void;
}

/**
 * Speaks JSON lines over a socket. A line that is not JSON, or is too long, ends the connection.
 *
 * @param maxBytes The longest line, in bytes.
 */
export function jsonSocket(
  socket: Socket,
  { onValue, onEnd }: JsonSocketListener,
  maxBytes: number = MAX_LINE_BYTES,
): JsonSocket {
  let parts: Buffer[] = [];
  let bytes = 0;
  let ended = false;

  function end(error?: Error): void {
    if (ended) return;
    ended = true;
    socket.destroy();
    onEnd(error);
  }

  function take(line: Buffer): void {
    let value: unknown;
    try {
      value = JSON.parse(line.toString('utf8'));
    } catch {
      end(new Error('A line was not JSON.'));
      return;
    }
    onValue(value);
  }

  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (;;) {
      const at = rest.indexOf('\n');
      const part = at === -1 ? rest : rest.subarray(0, at);
      parts.push(part);
      bytes += part.length;
      if (bytes > maxBytes) return end(new Error('A line was too long.'));
      if (at === -1) return;
      const line = Buffer.concat(parts);
      parts = [];
      bytes = 0;
      rest = rest.subarray(at + 1);
      take(line);
      if (ended) return;
    }
  });
  socket.on('error', end);
  socket.on('close', () => end());

  return {
    send(value) {
      if (!ended) socket.write(`${JSON.stringify(value)}\n`);
    },
    close: () => socket.end(),
  };
}
