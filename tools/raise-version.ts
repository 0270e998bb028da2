/**
 * Turns the changesets into a version and its changelog, and carries the version over to every file that names it.
 *
 *     node tools/raise-version.ts
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

execFileSync(process.execPath, ['node_modules/@changesets/cli/bin.js', 'version'], {
  cwd: new URL('..', import.meta.url),
  stdio: 'inherit',
});
const { version } = JSON.parse(read('package.json')) as { version: string };

function replaceIn(path: string, pattern: RegExp, text: string): void {
  writeFileSync(new URL(`../${path}`, import.meta.url), read(path).replace(pattern, text));
}

replaceIn('src/internal/version.ts', /'[\d.]+[\w.-]*'/, `'${version}'`);
replaceIn('CITATION.cff', /^version: .*$/m, `version: ${version}`);
// The first two of the lockfile are this package's own; `npm install` would change more than these.
replaceIn('package-lock.json', /("version": )"[^"]*"/, `$1"${version}"`);
replaceIn('package-lock.json', /("packages": \{\s*"": \{[^}]*?"version": )"[^"]*"/, `$1"${version}"`);
