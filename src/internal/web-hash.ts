/**
 * The SHA-256 of text (as UTF-8), in lower-case hex, from Web Crypto: edge runtimes and browsers have no `node:crypto`.
 * Browsers offer it on HTTPS and on localhost only.
 */
export async function webSha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The same seed as `childSeed` of random.ts. */
export async function webChildSeed(seed: number, ...place: readonly (string | number)[]): Promise<number> {
  return Number.parseInt((await webSha256(JSON.stringify([seed, ...place]))).slice(0, 8), 16) >>> 1;
}
