const OWN_NAME = /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|::1?)$/;

/**
 * Whether a host is this machine, by its name or address alone.
 *
 * @param host As in `URL.hostname`; an IPv6 address may also be without brackets.
 */
export function isThisMachine(host: string): boolean {
  return OWN_NAME.test(host);
}
