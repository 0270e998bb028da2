import { InvalidOptionError } from '../errors.ts';
import { toYaml } from '../internal/yaml.ts';
import type { JsonValue } from '../json-value.ts';
import { dataFile } from './data-file.ts';
import type { FormatFiles, PreferenceFormat } from './preference-format.ts';

/** The data files that a format has got; null when there is nothing to train on. */
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
 * Texts of all configuration files, by name. Formats that name the same file each add their keys.
 *
 * @throws InvalidOptionError when a file's name does not say how to write it.
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
  throw new InvalidOptionError('formats', 'names of configuration files that end in .json or .yaml', name);
}
