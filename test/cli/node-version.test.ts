import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Finished, ROOT, runProgram } from './run-program.ts';

/** Runs `aloe --version` where Node says that it is of this version. */
function aloeOn(version: string): Promise<Finished> {
  const disguise = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return runProgram(
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(disguise)}`,
      `${ROOT}/src/cli/aloe.ts`,
      '--version',
    ],
    {},
  );
}

test.each(['18.20.8', '20.20.2', '22.17.1'])(
  'on Node %s it names the version it needs, and ends',
  async (version) => {
    expect(await aloeOn(version)).toEqual({
      code: 2,
      stdout: '',
      stderr: `aloe needs Node 22.18 or later; this is Node ${version}.\n`,
    });
  },
);

test('it runs from the Node version in package.json on', async () => {
  const { engines, version } = JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8'));
  const [, least] = /^>=(\d+\.\d+)$/.exec(engines.node)!;
  expect(await aloeOn(`${least}.0`)).toMatchObject({ code: 0, stdout: `${version}\n` });
});
