import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What a checkout needs to be packed. */
const PACKED_FROM = [
  'src',
  'tools',
  'python',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsup.config.ts',
  'CHANGELOG.md',
  'README.md',
  'LICENSE',
];

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty project outside the repository in which the packed tarball was installed, without optional peers. */
export interface InstalledPackage {
  /** The project. */
  readonly dir: string;
  /** Paths of the files in the tarball. */
  readonly packedFiles: readonly string[];
  /** Runs a command in the project. */
  run(command: string, args: readonly string[]): Promise<Output>;
  remove(): Promise<void>;
}

/** Builds and packs a copy of the checkout, so that nothing else meets a half-built `dist`, and installs the tarball. */
export async function installPackage(): Promise<InstalledPackage> {
  const place = await mkdtemp(join(tmpdir(), 'aloe-package-'));
  const checkout = join(place, 'checkout');
  for (const path of PACKED_FROM) {
    if (existsSync(join(root, path))) await cp(join(root, path), join(checkout, path), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
  // `npm pack` builds: it runs the script "prepare".
  const packed = await run(checkout, 'npm', ['pack', '--json', '--pack-destination', place]);
  const packedFiles = (await run(place, 'tar', ['-tzf', tarballOf(packed.stdout)])).stdout.trim().split('\n');

  const dir = join(place, 'project');
  await cp(fileURLToPath(new URL('./project', import.meta.url)), dir, { recursive: true });
  await writeFile(
    join(dir, 'package.json'),
    JSON.stringify({ name: 'project', private: true, type: 'module' }),
  );
  const tarball = join(place, tarballOf(packed.stdout));
  const flags = ['--no-audit', '--no-fund', '--omit=dev', '--omit=optional', '--prefer-offline'];
  await run(dir, 'npm', ['install', ...flags, tarball]);
  return {
    dir,
    packedFiles,
    run: (command, args) => run(dir, command, args),
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

/** Disk space of everything in a folder, in bytes. */
export async function diskUsage(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true })) {
    const { blocks } = await stat(join(folder, entry));
    bytes += blocks * 512;
  }
  return bytes;
}

/** `npm pack --json` may print what the build prints first. */
function tarballOf(stdout: string): string {
  const name = /"filename": "([^"]+)"/.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`npm pack named no tarball:\n${stdout}`);
  return name;
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<Output> {
  try {
    return await promisify(execFile)(command, args, { cwd, env: environment(), maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout, stderr } = error as Error & Output;
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** This Node for every script, and none of the settings by which an `npm test` around this would steer npm. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|node_options|vitest|openai_)/i.test(name) ||
      /^npm_config_(registry|cache|userconfig)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
}
