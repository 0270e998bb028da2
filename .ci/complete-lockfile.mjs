// A registry mirror that lacks the packages of other platforms leaves them out of package-lock.json, and `npm ci` then
// refuses the file. This adds what is missing, as npm itself would have written it. Integrity sums and licences come from
// the registry: npm does not write the sum of a package that it has not downloaded.
//
// It also takes the install script of onnxruntime-node out of the lockfile. The script downloads a GPU library from
// outside the registry, and an npm that does not know `allowScripts` of package.json runs what the lockfile names.
//
//   node .ci/complete-lockfile.mjs
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const OS =
  /(?:^|[-/])(android|darwin|mac|freebsd|linux|openbsd|netbsd|sunos|aix|openharmony|win32|win)(?:-|$)/;
const CPU = /-(arm64|armv7l|arm|x64|ia32|ppc64|riscv64|s390x|loong64|mips64el|wasm32)(?:-|$)/;
const OS_NAMES = { mac: 'darwin', win: 'win32' };
const CPU_NAMES = { armv7l: 'arm' };

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];
for (const [place, { optionalDependencies = {}, dev, peer }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const own = `node_modules/${name}`;
    if (own in lock.packages || `${place}/${own}` in lock.packages || !/^\d/.test(version)) continue;
    const os = OS.exec(name)?.[1];
    const cpu = CPU.exec(name)?.[1];
    if (os === undefined || cpu === undefined) continue;
    lock.packages[own] = {
      version,
      cpu: [CPU_NAMES[cpu] ?? cpu],
      ...(dev && { dev }),
      optional: true,
      os: [OS_NAMES[os] ?? os],
      ...(peer && { peer }),
    };
    if (/musl/.test(name)) lock.packages[own].libc = ['musl'];
    added.push(`${name}@${version}`);
  }
}
for (const [place, entry] of Object.entries(lock.packages)) {
  if (place === '' || (entry.integrity && entry.license)) continue;
  const id = `${place.split('node_modules/').at(-1)}@${entry.version}`;
  const { status, stdout } = spawnSync('npm', ['view', id, 'dist.integrity', 'license', '--json'], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.log(`The registry does not have ${id}, so its integrity sum is still missing.`);
    continue;
  }
  const told = JSON.parse(stdout);
  // In the order in which npm writes them.
  const { version, ...rest } = entry;
  const integrity = entry.integrity ?? told['dist.integrity'];
  lock.packages[place] = { version, integrity, ...rest, license: entry.license ?? told.license };
  added.push(`integrity sum and licence of ${id}`);
}
delete lock.packages['node_modules/onnxruntime-node'].hasInstallScript;
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'Nothing was missing.' : `Added ${added.length}:\n${added.join('\n')}`);
