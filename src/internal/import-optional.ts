import { MissingPackageError } from '../errors.ts';

/**
 * Imports an optional peer package when it is first needed.
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
    if (isNotInstalled(error, packageName)) throw new MissingPackageError(packageName, neededFor, error);
    throw error;
  }
}

function isNotInstalled(error: unknown, packageName: string): boolean {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND')
    return false;
  // The code alone is not enough: a package that lacks one of its own dependencies fails with the same code.
  return error.message.includes(`Cannot find package '${packageName}'`);
}
