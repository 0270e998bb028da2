import { MissingPackageError } from '../errors.ts';

/**
 * Imports an optional peer package when it is first needed: the one beside this library, else the one in the user's
 * project, which is where the program was started. With `npx` and with a global installation, the two places differ.
 *
 * @typeParam Module The package's exports, e.g. `typeof import('some-package')`.
 * @param neededFor What needs the package, as the user wrote it, e.g. `transformersEmbedder()`.
 * @throws MissingPackageError when the package is not installed. Errors inside an installed package pass through, since
 * installing it again would not help.
 */
export async function importOptional<Module>(packageName: string, neededFor: string): Promise<Module> {
  try {
    return (await import(packageName)) as Module;
  } catch (error) {
    if (!isNotInstalled(error, packageName)) throw error;
    const found = await findInProject(packageName);
    if (found === null) throw new MissingPackageError(packageName, neededFor, error);
    return (await import(found)) as Module;
  }
}

/** Loaded only now: what imports this file also runs where there are no files. */
async function findInProject(packageName: string): Promise<string | null> {
  const { findPackage } = await import('./find-package.ts');
  return findPackage(packageName, process.cwd());
}

function isNotInstalled(error: unknown, packageName: string): boolean {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND')
    return false;
  // The code alone is not enough: a package that lacks one of its own dependencies fails with the same code.
  return error.message.includes(`Cannot find package '${packageName}'`);
}
