import { MissingPackageError } from '../errors.ts';

/**
 * Imports an optional peer package when it is first needed.
 *
 * @typeParam Module what the package exports, e.g. `typeof import('some-package')`.
 * @param neededFor what needs it, as the user wrote it, e.g. `transformersEmbedder()`.
 * @throws MissingPackageError when that very package is not installed. An error inside an installed package is
 * thrown as it is: installing the package again would not help.
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
  // The code alone is not enough: a package with a missing dependency of its own fails with the same code.
  return error.message.includes(`Cannot find package '${packageName}'`);
}
