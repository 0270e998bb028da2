import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Conditions of a package's `exports` that an `import` in Node.js meets, apart from `default`. */
const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

interface Manifest {
  readonly exports?: unknown;
  readonly main?: string;
}

/**
 * Whether an optional package can be imported, from this library's place or from the user's project. Nothing of it is
 * loaded.
 */
export function isInstalled(packageName: string): boolean {
  const here = dirname(fileURLToPath(import.meta.url));
  return [here, process.cwd()].some((folder) => findPackage(packageName, folder) !== null);
}

/**
 * The URL of a package's ES module, as an `import` in a file of `folder` would find it. `import()` itself looks only from
 * the file it stands in, and `require.resolve()` would find the CommonJS module.
 *
 * @returns null if it is not installed there, or has no main module.
 */
export function findPackage(packageName: string, folder: string): string | null {
  const installed = join(folder, 'node_modules', packageName);
  if (existsSync(join(installed, 'package.json'))) {
    const entry = entryOf(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest);
    return entry === null ? null : pathToFileURL(join(installed, entry)).href;
  }
  const above = dirname(folder);
  return above === folder ? null : findPackage(packageName, above);
}

/** The main module, relative to the package's folder. */
function entryOf({ exports, main }: Manifest): string | null {
  if (exports === undefined || exports === null) return main ?? 'index.js';
  const isTable = typeof exports === 'object' && '.' in exports;
  return pick(isTable ? (exports as { '.': unknown })['.'] : exports);
}

/** The first target whose conditions are met, in the order of the file, as Node.js picks it. */
function pick(target: unknown): string | null {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return null;
  const branches = Array.isArray(target)
    ? target
    : Object.entries(target).flatMap(([condition, branch]) => (CONDITIONS.has(condition) ? [branch] : []));
  for (const branch of branches) {
    const found = pick(branch);
    if (found !== null) return found;
  }
  return null;
}
