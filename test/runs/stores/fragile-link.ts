import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A connection to a server through a point where it can be broken. */
export interface FragileLink {
  readonly port: number;
  /** Decides what becomes of a piece of data from the client. Default: it passes. */
  onRequest: (data: Buffer) => 'pass' | 'cut-after' | 'drop-answer';
  /** Breaks all connections. */
  cut(): void;
  close(): void;
}

/** Listens on a free port of loopback, and passes on to this one. */
export async function fragileLink(port: number): Promise<FragileLink> {
  const sockets = new Set<Socket>();
  const link: FragileLink = {
    port: 0,
    onRequest: () => 'pass',
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      link.cut();
      listener.close();
    },
  };
  const listener = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    let isDeaf = false;
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    client.on('data', (data) => {
      const fate = link.onRequest(data);
      if (fate === 'drop-answer') isDeaf = true;
      server.write(data, () => {
        if (fate === 'cut-after') client.destroy();
      });
    });
    server.on('data', (data) => {
      // The server has carried the statement out, and the client does not hear of it.
      if (isDeaf) client.destroy();
      else client.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port: own } = listener.address() as { port: number };
  return Object.assign(link, { port: own });
}
