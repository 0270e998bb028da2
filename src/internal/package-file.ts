import { existsSync } from 'node:fs';

/** A file that is shipped beside the code. Sources and built files lie at different depths, so its root is looked for. */
export function packageFile(path: string): URL {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('../', folder);
    if (parent.href === folder.href) throw new Error(`${path}: the package's files are not beside its code.`);
    folder = parent;
  }
  return new URL(path, folder);
}
