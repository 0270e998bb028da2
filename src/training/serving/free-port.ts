import { once } from 'node:events';
import { createServer } from 'node:net';
import { InvalidOptionError } from '../../errors.ts';

const HOST = '127.0.0.1';

/**
 * A port of this machine that nothing listens on.
 *
 * @param port 0 for any.
 * @throws InvalidOptionError if the port is taken.
 */
export async function freePort(port: number): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (cause) {
    throw new InvalidOptionError('port', 'a port that is free', port, { cause });
  }
  const { port: free } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return free;
}
