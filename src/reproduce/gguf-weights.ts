import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainingError } from '../errors.ts';
import { runCommand } from '../internal/run-command.ts';
import { type PythonFile, pythonFilePath } from '../training/folder/python-script.ts';

/** What the conversions run with. */
export interface ConvertOptions {
  /** A Python with the packages of `setupPython()`. */
  readonly python: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Converts a GGUF file to a directory that trainers can read, unless that was done before.
 *
 * @throws TrainingError with the end of what the script printed.
 */
export async function unpackGguf(gguf: string, directory: string, options: ConvertOptions): Promise<void> {
  if (existsSync(join(directory, 'config.json'))) return;
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  await runScript('gguf_to_hf.py', [gguf, partial], options);
  await rename(partial, directory);
}

/**
 * Converts a model directory to an 8-bit GGUF file beside it, unless that was done before.
 *
 * @param like The GGUF file of the base model, for the tokenizer and the chat template.
 * @returns the path of the file.
 * @throws TrainingError with the end of what the script printed.
 */
export async function packGguf(directory: string, like: string, options: ConvertOptions): Promise<string> {
  const file = `${directory}.gguf`;
  if (!existsSync(file)) await runScript('hf_to_gguf.py', [directory, file, '--like', like], options);
  return file;
}

async function runScript(
  script: PythonFile,
  words: readonly string[],
  { python, signal }: ConvertOptions,
): Promise<void> {
  const { exitCode, stderr } = await runCommand([python, pythonFilePath(script), ...words], { signal });
  if (exitCode === 0) return;
  throw new TrainingError('conversion', `${script} ended with ${exitCode}: ${stderr.trim().slice(-2_000)}`, {
    hint: 'Use a Python with the packages of `aloe train setup`.',
  });
}
