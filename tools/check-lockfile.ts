/**
 * Fails if package-lock.json has a package without an integrity sum, one with a fixed address, or one under a licence that
 * nobody has agreed to. The lock file names all packages of all platforms, so no platform is left out.
 *
 *   node tools/check-lockfile.ts
 */
import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** Licences of what users install. */
const SHIPPED = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'Unlicense'];

/** Also fine for tools of this repository, which no user receives. */
const TOOLS = [
  ...SHIPPED,
  '0BSD',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'LGPL-3.0-or-later',
  'MPL-2.0',
  'Python-2.0',
];

/** What the file that a package refers to says. */
const READ_BY_HAND: Record<string, string> = { flatbuffers: 'Apache-2.0' };

/**
 * Binaries for other platforms that the registry in use did not have when they were locked. npm checks no sum for them.
 * `.ci/complete-lockfile.mjs` adds the sums from a registry that has them; this entry goes then.
 */
const WITHOUT_SUM = /^@node-llama-cpp\/(linux-riscv64|mac|win).*@3\.22\.1$/;

function isAllowed(expression: string, licences: readonly string[]): boolean {
  const alternatives = expression.replace(/^\(|\)$/g, '').split(' OR ');
  return alternatives.some((one) => one.split(' AND ').every((licence) => licences.includes(licence)));
}

function problemsOf(name: string, entry: LockedPackage): string[] {
  if (!entry.integrity) {
    return WITHOUT_SUM.test(`${name}@${entry.version}`) ? [] : ['has no integrity sum'];
  }
  const problems: string[] = [];
  if (!entry.integrity.startsWith('sha512-')) problems.push(`has a weak integrity sum: ${entry.integrity}`);
  if (entry.resolved) problems.push(`has a fixed address: ${entry.resolved}`);
  const licence = READ_BY_HAND[name] ?? entry.license ?? 'none named';
  if (!isAllowed(licence, entry.dev ? TOOLS : SHIPPED))
    problems.push(`has a licence to decide on: ${licence}`);
  return problems;
}

const lock = new URL('../package-lock.json', import.meta.url);
const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, LockedPackage> };
const found = Object.entries(packages).flatMap(([place, entry]) => {
  const name = place.split('node_modules/').at(-1) ?? '';
  return name === '' ? [] : problemsOf(name, entry).map((problem) => `${name}@${entry.version} ${problem}`);
});
if (found.length > 0) {
  console.error(
    `${found.join('\n')}\nSums: node .ci/complete-lockfile.mjs. Licences: tools/check-lockfile.ts.`,
  );
  process.exitCode = 1;
}
