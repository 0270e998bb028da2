/** Names and addresses of this machine, as `URL.hostname` writes them. */
const THIS_MACHINE = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;

const warned = new Set<string>();

/** Warns, once per server, that a key travels to another machine over plain http, where others can read it. */
export function warnOfPlainHttp({ protocol, hostname, host }: URL): void {
  if (protocol !== 'http:' || THIS_MACHINE.test(hostname) || warned.has(host)) return;
  warned.add(host);
  process.emitWarning(
    `The API key for ${host} is sent over plain http, so others on the network can read it.`,
    {
      code: 'ALOE_PLAIN_HTTP',
      detail: 'Use an https address, or a tunnel to this machine.',
    },
  );
}
