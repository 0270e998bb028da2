/**
 * Writes the JSON Schema of each file that the library writes into `schemas/`, from the zod schemas that read it. They are
 * committed, so that a change of a format shows in review; `npm run build` makes them anew, and a test says if they are
 * out of date.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { configSchema } from '../src/config/config-schema.ts';
import {
  conversationTreeSchema,
  evaluationSchema,
  exportedRecordSchema,
  judgeBiasSchema,
  personaPoolSchema,
  personaSchema,
  preferenceManifestSchema,
  ratingKeySchema,
  ratingsSchema,
  trainingHandleSchema,
} from '../src/schemas.ts';

/** By name: the schema, and what such a file is. Of a JSON Lines file, the schema is that of a line. */
const FILES: Readonly<Record<string, readonly [schema: z.ZodType, description: string]>> = {
  conversation: [conversationTreeSchema, 'A line of a file of conversations, from saveConversations.'],
  evaluation: [evaluationSchema, 'An evaluation result, from saveEvaluation.'],
  'judge-bias': [judgeBiasSchema, 'How far a judge is biased, from judgeBias.'],
  persona: [personaSchema, 'One simulated user: a profile and a personality.'],
  'persona-pool': [personaPoolSchema, 'A pool of profiles and personalities, from PersonaPool.save.'],
  'preference-manifest': [preferenceManifestSchema, 'The manifest.json of an export.'],
  'preference-record': [exportedRecordSchema, 'A line of the preferences.jsonl of an export.'],
  'rating-key': [ratingKeySchema, 'Who answered each item of a rating sheet, from saveRatingKey.'],
  ratings: [ratingsSchema, 'The ratings of one person, as the rating page saves them.'],
  'training-handle': [trainingHandleSchema, 'What a training backend returns on submission.'],
};

/** What an editor checks a config file against. A misspelt option is an error there, as it is when the file is read. */
function renderConfigSchema(): string {
  const { $schema, ...body } = z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // Objects made in code cannot be written in a file. Left in, they would allow anything.
      const { anyOf } = jsonSchema;
      if (anyOf !== undefined) jsonSchema.anyOf = anyOf.filter((branch) => Object.keys(branch).length > 0);
    },
  });
  const head = {
    $schema,
    $id: 'urn:aloe-align:config',
    title: 'aloe.config',
    description: 'A study of aloe-align: models, sizes, budget, formats, evaluation, training.',
  };
  return `${JSON.stringify({ ...head, ...body }, null, 2)}\n`;
}

/** What a reader of a file of the library checks it against. */
function renderFileSchema(name: string, schema: z.ZodType, description: string): string {
  // As written, not as read: readers accept older versions too, and drop fields they do not know.
  const { $schema, ...body } = z.toJSONSchema(schema, { io: 'output', override: forOthers });
  const version = versionOf(body);
  const head = {
    $schema,
    $id: `urn:aloe-align:${name}${version === undefined ? '' : `:${version.split('/')[1]}`}`,
    title: version ?? `aloe-${name}`,
    description,
  };
  return `${JSON.stringify({ ...head, ...body }, null, 2)}\n`;
}

/** The schemas as texts, by file name. */
export function renderSchemas(): ReadonlyMap<string, string> {
  const files = Object.entries(FILES).map(([name, [schema, description]]): [string, string] => [
    `${name}.json`,
    renderFileSchema(name, schema, description),
  ]);
  return new Map([...files, ['config.json', renderConfigSchema()]]);
}

/**
 * Within a version, fields may be added: a file of a later release is valid too. Patterns with `\p{L}` are left out, since
 * validators in other languages refuse the whole schema because of one (seen with Python's jsonschema).
 */
function forOthers({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.pattern?.includes('\\p{')) delete jsonSchema.pattern;
}

/** What a file's own field `schema` holds, such as `aloe-evaluation/3`. Undefined if it has none. */
function versionOf({ properties, allOf }: z.core.JSONSchema.BaseSchema): string | undefined {
  const own = properties?.schema;
  if (typeof own === 'object' && typeof own.const === 'string') return own.const;
  return allOf?.map((part) => (typeof part === 'object' ? versionOf(part) : undefined)).find(Boolean);
}

if (import.meta.main) {
  const folder = new URL('../schemas/', import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of renderSchemas()) await writeFile(new URL(file, folder), text);
}
