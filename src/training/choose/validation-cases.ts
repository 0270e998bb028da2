import { dirname, join } from 'node:path';
import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { readConversations } from '../../conversations/conversation-files.ts';
import { InvalidOptionError } from '../../errors.ts';
import { readJsonFile } from '../../internal/json-file.ts';
import { preferenceManifestSchema } from '../../preferences/manifest.ts';
import { splitOf } from '../../preferences/split.ts';

/**
 * The people whose conversations an export held out for validation, as cases for {@link chooseCheckpoint}. The export splits by
 * profile, so no checkpoint was trained on any of them, nor on another personality with one of their profiles. The trainer's
 * loss on validation rows is about the same people.
 *
 * @param data The directory that `PreferenceExporter` has written.
 * @param conversations The conversations that were exported. Default: `conversations.jsonl` beside that directory, where
 * `aloe run` puts them.
 * @throws InvalidOptionError if nobody was held out.
 * @example
 * ```ts
 * import { validationCases } from 'aloe-align/training';
 *
 * const cases = await validationCases('runs/aloe/data');
 * ```
 */
export async function validationCases(
  data: string,
  conversations: string = join(dirname(data), 'conversations.jsonl'),
): Promise<BenchmarkCase[]> {
  const { options } = await readJsonFile(join(data, 'manifest.json'), preferenceManifestSchema, {
    what: 'the manifest of an export',
    hint: 'Pass a directory that PreferenceExporter has written.',
  });
  const people = new Map<string, BenchmarkCase>();
  for await (const { persona } of readConversations(conversations)) {
    if (splitOf(persona.profile.id, options.validationShare, options.seed) === 'validation') {
      people.set(persona.id, { id: persona.id, persona });
    }
  }
  if (people.size > 0) return [...people.values()];
  throw new InvalidOptionError('data', 'an export with people held out for validation', data, {
    hint: 'Export with a validationShare above 0, and from more profiles.',
  });
}
