import { InvalidOptionError } from '../errors.ts';
import { toYaml } from '../internal/yaml.ts';
import type { JsonValue } from '../json-value.ts';
import { dataFile } from './data-file.ts';
import type { FormatFiles, PreferenceFormat } from './preference-format.ts';

/** The data files of a format that were written; null if it has no training rows. */
export function formatFiles(format: PreferenceFormat, written: ReadonlySet<string>): FormatFiles | null {
  const [train, validation] = [dataFile(format, 'train'), dataFile(format, 'validation')];
  if (!written.has(train)) return null;
  return {
    fileType: format.fileType ?? 'jsonl',
    train,
    validation: written.has(validation) ? validation : null,
  };
}

/**
 * Renders all configuration files, by name. If several formats name the same file, their keys are merged.
 *
 * @throws InvalidOptionError if a file name does not end in `.json`, `.yaml` or `.yml`.
 */
export async function engineFiles(
  formats: readonly PreferenceFormat[],
  written: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const contents = new Map<string, Record<string, JsonValue>>();
  for (const format of formats) {
    const files = formatFiles(format, written);
    if (files === null) continue;
    for (const [name, content] of Object.entries(format.config?.(files) ?? {})) {
      contents.set(name, { ...contents.get(name), ...content });
    }
  }
  const texts = new Map<string, string>();
  for (const [name, content] of contents) texts.set(name, await serialize(name, content));
  return texts;
}

async function serialize(name: string, content: object): Promise<string> {
  if (/^[\w.-]+\.ya?ml$/.test(name)) return toYaml(content);
  if (/^[\w.-]+\.json$/.test(name)) return `${JSON.stringify(content, null, 2)}\n`;
  throw new InvalidOptionError('formats', 'configuration file names that end in .json, .yaml or .yml', name);
}
