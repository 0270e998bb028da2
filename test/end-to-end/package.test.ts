import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diskUsage, type InstalledPackage, installPackage } from './package/installed-package.ts';

const MEGABYTE = 1_000_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, { readonly default: string } | string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

describe('the package, packed and installed into an empty project', () => {
  let project: InstalledPackage;
  let manifest: Manifest;

  beforeAll(async () => {
    project = await installPackage();
    manifest = JSON.parse(await readFile(join(project.dir, 'node_modules/aloe-align/package.json'), 'utf8'));
  }, 120_000);
  afterAll(() => project?.remove());

  const node = (code: string) => project.run(process.execPath, ['--input-type=module', '--eval', code]);

  test('every subpath gives what its source exports, and importing it prints nothing', async () => {
    const subpaths = Object.entries(manifest.exports).filter(([subpath]) => !subpath.endsWith('.json'));
    expect(subpaths.length).toBeGreaterThanOrEqual(8);
    const names = subpaths.map(([subpath]) => subpath.replace(/^\./, 'aloe-align'));
    const { stdout, stderr } = await node(`
      const names = ${JSON.stringify(names)};
      const modules = await Promise.all(names.map((name) => import(name)));
      process.stdout.write(JSON.stringify(modules.map((module) => Object.keys(module))));`);
    expect(stderr).toBe('');
    const exported = JSON.parse(stdout) as string[][];
    for (const [index, [, target]] of subpaths.entries()) {
      const built = typeof target === 'string' ? target : target.default;
      const source = join(root, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
      expect(exported[index], names[index]).toEqual(Object.keys(await import(source)).sort());
    }
    expect(exported[0]!.length).toBeLessThanOrEqual(80);
    expect(exported[0]).toEqual(
      expect.arrayContaining([
        'PersonaPool',
        'ConversationTreeBuilder',
        'PreferenceExporter',
        'AloeEvaluator',
      ]),
    );
  });

  test('importing the root loads a few small packages and no other', async () => {
    const { stdout } = await node(`
      import { registerHooks } from 'node:module';
      const urls = [];
      registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
      await import('aloe-align');
      process.stdout.write(JSON.stringify(urls));`);
    const packages = (JSON.parse(stdout) as string[])
      .filter((url) => url.startsWith('file:'))
      .map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
    const small = ['is-any-array', 'jsonrepair', 'ml-regression-base', 'ml-regression-simple-linear'];
    expect([...new Set(packages)].sort()).toEqual(['aloe-align', ...small].sort());
  });

  test('the JSON Schemas of files are imported by their subpath', async () => {
    const { stdout } = await node(`
      import schema from 'aloe-align/schemas/evaluation.json' with { type: 'json' };
      process.stdout.write(schema.$id);`);
    expect(stdout).toBe('urn:aloe-align:evaluation:3');
  });

  test('adaptive loads no module of Node, whatever the rest of the package loads', async () => {
    const { stdout } = await node(`
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const { adaptive } = await import('aloe-align/adaptive');
      process.stdout.write(JSON.stringify([typeof adaptive, ...loaded]));`);
    const [type, ...loaded] = JSON.parse(stdout) as string[];
    expect(type).toBe('function');
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.filter((url) => !/\/node_modules\/(?:aloe-align|jsonrepair)\//.test(url))).toEqual([]);
  });

  test('a typed program compiles against the declarations in full and runs', async () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const types = join(root, 'node_modules/@types');
    for (const config of ['tsconfig.json', 'tsconfig.browser.json']) {
      const { stdout } = await project.run(process.execPath, [compiler, '-p', config, '--typeRoots', types]);
      expect(stdout).toBe('');
    }
    const ran = await project.run(process.execPath, ['main.ts']);
    expect(JSON.parse(ran.stdout)).toEqual({
      personas: 2,
      decisionPoints: 4,
      average: 4,
      slope: 1,
      report: true,
      model: 'some-model',
      vectors: 1_536,
      local: Array.from({ length: 5 }, () => 'function'),
    });
  });

  test('what needs an optional package says which one and how to install it, at its first use', async () => {
    const { stdout } = await project.run(process.execPath, ['without-peers.ts']);
    const packages = [
      '@huggingface/hub',
      '@huggingface/transformers',
      '@opentelemetry/api',
      '@xenova/transformers',
      'ai',
      'node-llama-cpp',
      'pg',
      // Needed once the database answers.
      'pg-boss',
    ];
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual(packages);
    for (const [index, line] of stdout.trim().split('\n').entries()) {
      expect(line).toMatch(/^missing-package: /);
      expect(line).toContain(`npm install ${packages[index]}`);
    }
  });

  test('the command line works by both its names', async () => {
    const help = await project.run(join(project.dir, 'node_modules/.bin/aloe'), ['--help']);
    expect(help.stdout).toContain('quickstart');
    const version = await project.run('npx', ['aloe-align', '--version']);
    expect(version.stdout.trim()).toBe(manifest.version);
  });

  test('the demo needs no optional package, no key and no network', async () => {
    const offline = ['--import', './no-network.ts'];
    const reach = "await fetch('http://127.0.0.1:8').catch(({ cause }) => console.log(cause.message))";
    const blocked = await project.run(process.execPath, [...offline, '--input-type=module', '--eval', reach]);
    expect(blocked.stdout).toBe('No network here.\n');
    const program = join(project.dir, 'node_modules/aloe-align/dist/cli/aloe.js');
    const { stdout, stderr } = await project.run(process.execPath, [...offline, program, 'demo', '--json']);
    expect(stderr).toBe('');
    const { report, candidates } = JSON.parse(stdout);
    expect(candidates.map(({ name }: { name: string }) => name)).toEqual(['bare', 'adaptive']);
    expect(existsSync(report)).toBe(true);
  });

  test('the metrics run in a browser: no module of Node, no zod', async () => {
    const entry = join(project.dir, 'node_modules/aloe-align/dist/metrics/index.js');
    const outDir = join(project.dir, 'bundle');
    await build({
      config: false,
      silent: true,
      entry: { metrics: entry },
      outDir,
      platform: 'browser',
      format: 'iife',
      globalName: 'metrics',
      noExternal: [/./],
      removeNodeProtocol: false,
      metafile: true,
    });
    const { inputs } = JSON.parse(await readFile(join(outDir, 'metafile-iife.json'), 'utf8'));
    const sources = await Promise.all(Object.keys(inputs).map(sourcesOf));
    const packages = sources.flat().map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
    expect(packages).toContain('ml-regression-simple-linear');
    expect(packages).not.toContain('zod');

    const browser = createContext({});
    runInContext(await readFile(join(outDir, 'metrics.global.js'), 'utf8'), browser);
    const fit = runInContext('metrics.improvementRate(metrics.alignmentLevels([[1, 3], [3, 5]]))', browser);
    expect(fit).toMatchObject({ slope: 2, intercept: 0 });
  });

  test('it is small, and runs no script when it is installed', async () => {
    const modules = join(project.dir, 'node_modules');
    const size = (await diskUsage(modules)) / MEGABYTE;
    expect(size).toBeLessThan(85);
    const lock = JSON.parse(await readFile(join(project.dir, 'package-lock.json'), 'utf8'));
    const withScripts = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path);
    expect(withScripts).toEqual([]);
  });

  test('it holds the build, docs, examples and schemas and nothing else, and its source maps hold the sources', async () => {
    const rooms = /^package\/(?:dist|docs(?!\/api\/)|examples|python|schemas)\//;
    const outside = project.packedFiles.filter((path) => !rooms.test(path));
    const files = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'];
    const allowed = files.map((name) => `package/${name}`);
    expect(allowed).toEqual(expect.arrayContaining(outside));
    expect(project.packedFiles.filter((path) => /check_|requirements-(?!train)/.test(path))).toEqual([]);
    const map = JSON.parse(
      await readFile(join(project.dir, 'node_modules/aloe-align/dist/cli/aloe.js.map'), 'utf8'),
    );
    expect(map.sources).toEqual(['../../src/cli/aloe.ts']);
    expect(map.sourcesContent[0]).toContain('#!/usr/bin/env node');
  });
});

/** A file, and the files that it was itself bundled from, by its source map. */
async function sourcesOf(path: string): Promise<string[]> {
  if (!existsSync(`${path}.map`)) return [path];
  return [path, ...JSON.parse(await readFile(`${path}.map`, 'utf8')).sources];
}
