import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A connection between a process and a server, which can be cut. */
export interface Wire {
  readonly port: number;
  /** Nothing passes any more, in either direction, and nobody is told. */
  cut(): void;
  /** Connections that were cut end, and new ones pass. */
  mend(): void;
  close(): void;
}

/** Forwards connections on a free port of loopback to another port. */
export async function startWire(to: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (data) => {
        if (!isCut) other.write(data);
      });
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        if (!isCut) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
    },
    mend() {
      isCut = false;
      destroyAll();
    },
    close() {
      server.close();
      destroyAll();
    },
  };
}
