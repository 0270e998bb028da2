import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { readJsonFile } from '../internal/json-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { exists } from './folder/job-folder.ts';

/** Name of the file in an adapter's directory that names the model it was trained on. */
export const ADAPTER_CONFIG = 'adapter_config.json';

const configSchema = z.looseObject({ base_model_name_or_path: z.string().nullish() });

/** The model that an adapter was trained on, as its config names it. Undefined if the directory holds no adapter. */
export async function adapterBase(dir: string): Promise<string | undefined> {
  const path = join(dir, ADAPTER_CONFIG);
  if (!(await exists(path))) return undefined;
  const config = await readJsonFile(path, configSchema, {
    what: "an adapter's config",
    hint: 'Fetch the result again.',
  });
  return config.base_model_name_or_path ?? '';
}

/** The text of an adapter's config with another base. */
export async function withAdapterBase(dir: string, base: string): Promise<string> {
  const config = JSON.parse(await readFile(join(dir, ADAPTER_CONFIG), 'utf8')) as object;
  return `${JSON.stringify({ ...config, base_model_name_or_path: base }, null, 2)}\n`;
}

/**
 * In a job, the config of an adapter on an earlier stage names its base relative to the job's directory: `./sft/model`. In a
 * copy of the results, it gets the path of the copy. PEFT knows no path relative to the adapter.
 *
 * @param dir The copy. A base that is not in it stays as it is.
 */
export async function locateAdapterBase(config: string, dir: string): Promise<void> {
  const adapter = dirname(config);
  const base = await adapterBase(adapter);
  if (base === undefined || !/^\.\/[\w-]+\/model$/.test(base)) return;
  const copied = resolve(dir, base);
  if (await exists(join(copied, 'config.json'))) {
    await writeFileAtomic(config, await withAdapterBase(adapter, copied));
  }
}
