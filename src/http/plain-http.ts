import { isThisMachine } from './this-machine.ts';

const warned = new Set<string>();

/** Warns, once per server, that a key travels to another machine over plain http, where others can read it. */
export function warnOfPlainHttp({ protocol, hostname, host }: URL): void {
  // Names below `localhost` belong to this machine too (RFC 6761). Not every resolver sees to it, but this only warns.
  const isHere = isThisMachine(hostname) || hostname.endsWith('.localhost');
  if (protocol !== 'http:' || isHere || warned.has(host)) return;
  warned.add(host);
  process.emitWarning(
    `The API key for ${host} is sent over plain http, so others on the network can read it.`,
    {
      code: 'ALOE_PLAIN_HTTP',
      detail: 'Use an https address, or a tunnel to this machine.',
    },
  );
}
