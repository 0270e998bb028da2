import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Files in this package's `python/` that are for users. */
export type PythonFile =
  | 'train_stage.py'
  | 'merge_adapter.py'
  | 'publish_result.py'
  | 'inspect_environment.py'
  | 'ray_nodes.py'
  | 'download_model.py'
  | 'gguf_to_hf.py'
  | 'hf_to_gguf.py'
  | 'lora_to_gguf.py'
  | 'measure_likelihood.py'
  | 'serve_model.py'
  | 'requirements-train.in'
  | 'requirements-train.txt';

/** The path of a Python file in this package. Resolved by package name, since bundling moves this module. */
export function pythonFilePath(name: PythonFile): string {
  const manifest = createRequire(import.meta.url).resolve('aloe-align/package.json');
  return join(dirname(manifest), 'python', name);
}

/** The text of a Python file in this package. */
export function readPythonFile(name: PythonFile): Promise<string> {
  return readFile(pythonFilePath(name), 'utf8');
}
