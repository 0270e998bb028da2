import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../${name}`, import.meta.url), 'utf8'));

// Its script downloads a GPU library from outside the registry. An npm that knows `allowScripts` heeds it; older ones run
// what the lockfile names. After an `npm install` that brings the entry back: node .ci/complete-lockfile.mjs
test('npm ci does not run the install script of onnxruntime-node, whatever the version of npm', async () => {
  expect((await read('package.json')).allowScripts['onnxruntime-node']).toBe(false);
  const lock = await read('package-lock.json');
  expect(lock.packages['node_modules/onnxruntime-node'].hasInstallScript).toBeUndefined();
});

test('every install script of a dependency has been decided on', async () => {
  const { packages } = await read('package-lock.json');
  const names = Object.entries<{ hasInstallScript?: boolean }>(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1));
  expect(Object.keys((await read('package.json')).allowScripts)).toEqual(expect.arrayContaining(names));
});
