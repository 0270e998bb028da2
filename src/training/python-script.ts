import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What `python/` of this package holds for users. */
export type PythonFile =
  | 'train_stage.py'
  | 'merge_adapter.py'
  | 'inspect_environment.py'
  | 'gguf_to_hf.py'
  | 'hf_to_gguf.py'
  | 'lora_to_gguf.py'
  | 'requirements-train.txt';

/** Where a Python file of this package lies. Asked of the package's own name, since bundling moves this module. */
export function pythonFilePath(name: PythonFile): string {
  const manifest = createRequire(import.meta.url).resolve('aloe-align/package.json');
  return join(dirname(manifest), 'python', name);
}

export function readPythonFile(name: PythonFile): Promise<string> {
  return readFile(pythonFilePath(name), 'utf8');
}
