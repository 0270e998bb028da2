import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PythonOptions, runPython } from '../training/folder/run-python.ts';

/**
 * Converts a GGUF file to a directory that trainers can read, unless that was done before.
 *
 * @throws TrainingError with the end of what the script printed.
 */
export async function unpackGguf(gguf: string, directory: string, options: PythonOptions): Promise<void> {
  if (existsSync(join(directory, 'config.json'))) return;
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  await runPython('gguf_to_hf.py', [gguf, partial], options);
  await rename(partial, directory);
}

/**
 * Converts a model directory to an 8-bit GGUF file beside it, unless that was done before.
 *
 * @param like The GGUF file of the base model, for the tokenizer and the chat template.
 * @returns the path of the file.
 * @throws TrainingError with the end of what the script printed.
 */
export async function packGguf(directory: string, like: string, options: PythonOptions): Promise<string> {
  const file = `${directory}.gguf`;
  if (!existsSync(file)) await runPython('hf_to_gguf.py', [directory, file, '--like', like], options);
  return file;
}
