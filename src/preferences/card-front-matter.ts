import { toYaml } from '../internal/yaml.ts';
import { cardFeatures } from './columns.ts';
import { formatFiles } from './engine-files.ts';
import type { FormatFiles, PreferenceFormat } from './preference-format.ts';
import type { FileSummary } from './row-file.ts';

/** A format and its files. */
export interface LoadableFormat {
  readonly format: PreferenceFormat;
  readonly files: FormatFiles;
}

/** The formats that have training rows. */
export function loadableFormats(
  formats: readonly PreferenceFormat[],
  files: readonly FileSummary[],
): LoadableFormat[] {
  const written = new Set(files.map(({ name }) => name));
  return formats.flatMap((format) => {
    const own = formatFiles(format, written);
    return own === null ? [] : [{ format, files: own }];
  });
}

/**
 * Whether a format is listed as a configuration of the card. `datasets` uses one reader for a whole directory (seen with
 * 5.0.1), so only formats with the first format's file type can be listed.
 */
export function isConfigured({ files }: LoadableFormat, loadable: readonly LoadableFormat[]): boolean {
  return files.fileType === loadable[0]?.files.fileType;
}

/** The YAML header of a dataset card, which the Hugging Face hub and `datasets` read. */
export function frontMatter(
  loadable: readonly LoadableFormat[],
  license: string | undefined,
): Promise<string> {
  const configured = loadable.filter((each) => isConfigured(each, loadable));
  const features = configured.flatMap(({ format: { name, columns } }) =>
    columns === undefined ? [] : [{ config_name: name, features: cardFeatures(columns) }],
  );
  return toYaml({
    ...(license === undefined ? {} : { license }),
    task_categories: ['text-generation'],
    tags: ['preference', 'personalisation', 'synthetic', 'aloe-align'],
    ...(configured.length === 0 ? {} : { configs: configured.map(configuration) }),
    ...(features.length === 0 ? {} : { dataset_info: features }),
  });
}

function configuration({ format, files }: LoadableFormat, index: number): object {
  return {
    config_name: format.name,
    ...(index === 0 ? { default: true } : {}),
    data_files: [
      { split: 'train', path: files.train },
      ...(files.validation === null ? [] : [{ split: 'validation', path: files.validation }]),
    ],
  };
}
