import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { codeSpan, markdownTable, markdownText } from '../internal/markdown.ts';
import { describeVerification } from '../verification/describe-verification.ts';
import { frontMatter, isConfigured, type LoadableFormat, loadableFormats } from './card-front-matter.ts';
import type { CardOptions } from './card-options.ts';
import type { ExportDescription } from './describe-export.ts';
import type { LengthBias } from './length-bias.ts';
import type { LengthStatistics } from './length-statistics.ts';
import { datasetsLine } from './load-line.ts';
import { FORMAT_KINDS, isGeneralOnly, type PreferenceFormat } from './preference-format.ts';
import { describeQuality } from './quality.ts';

export const CARD_FILE = 'README.md';

const MARK = '<!-- Written by aloe-align: the next export replaces this file. -->';

/** @throws InvalidOptionError if the directory has a `README.md` that no export wrote. */
export async function checkNoForeignCard(dir: string): Promise<void> {
  const text = await readFile(join(dir, CARD_FILE), 'utf8').catch(() => null);
  if (text !== null && !text.includes(MARK)) {
    throw new InvalidOptionError(
      'dir',
      `a directory without a ${CARD_FILE}, or with one written by an export`,
      dir,
      {
        hint: 'Choose another directory, or pass card: false.',
      },
    );
  }
}

/** Renders the dataset card of an export: front matter for the Hugging Face hub, then text for people. */
export async function datasetCard(
  description: ExportDescription,
  formats: readonly PreferenceFormat[],
  { title = 'Preference conversations', license, sources = [] }: CardOptions,
): Promise<string> {
  const loadable = loadableFormats(formats, description.files);
  return [
    `---\n${await frontMatter(loadable, license)}---`,
    MARK,
    `# ${markdownText(title)}`,
    introduction(description),
    '## Files',
    fileTable(description),
    ...loadable.map((each) => loadSection(each, isConfigured(each, loadable))),
    '## Counts',
    countTable(description),
    ...(description.warnings.length === 0
      ? []
      : [description.warnings.map((warning) => `- ${markdownText(warning)}`).join('\n')]),
    '## Quality',
    qualitySection(description),
    '## Lengths',
    lengthTable(description),
    '## Where it comes from',
    provenance(description),
    '## Licence of what went in',
    licences(description, license, sources),
    '## Limits',
    LIMITS,
    '',
  ].join('\n\n');
}

function introduction({ source, splits, version }: ExportDescription): string {
  const { train, validation } = splits;
  return (
    `Conversations of simulated users with hidden personas, as training data: at each of ${source.decisionPoints} decision ` +
    `points in ${source.conversations} conversations, a response that knows what the user has shown of themselves is preferred ` +
    `to one that does not. ${train.profiles} profiles train, ${validation.profiles} others validate; no profile is on both ` +
    `sides. Made with aloe-align ${version}; \`manifest.json\` has every number.`
  );
}

function fileTable({ files }: ExportDescription): string {
  return table(
    ['file', 'rows', 'bytes', 'SHA-256'],
    files.map(({ name, rows, bytes, sha256 }) => [codeSpan(name), rows, bytes, codeSpan(sha256)]),
  );
}

function loadSection({ format, files }: LoadableFormat, configured: boolean): string {
  // Loading by name applies the types of the front matter.
  const named = `load_dataset("/path/to/this/folder", "${format.name}")`;
  const { language, code } = format.load?.(files) ?? datasetsLine(files, configured ? { call: named } : {});
  const note = ablationNote(format);
  return `### ${format.name}\n\n${note === null ? '' : `${note}\n\n`}\`\`\`${language}\n${code}\n\`\`\``;
}

/** What a file is for that is not meant for the model one wants. */
function ablationNote(format: PreferenceFormat): string | null {
  if (format.kind === 'rejected-demonstration')
    return 'The rejected responses, to compare with: no model should be served that learned from them.';
  return isGeneralOnly(format) ? 'General chat data only, to compare with.' : null;
}

function countTable({ formats }: ExportDescription): string {
  return table(
    ['format', 'records kept', 'train', 'validation', 'left out'],
    formats.map(({ name, records, rows, drops }) => [
      name,
      records,
      rows.train,
      rows.validation,
      Object.entries(drops)
        .filter(([, count]) => count > 0)
        .map(([reason, count]) => `${count} ${reason}`)
        .join(', ') || 'none',
    ]),
  );
}

function qualitySection({ quality = { kinds: [] } }: ExportDescription): string {
  const table = describeQuality(quality);
  const verdicts = quality.verdicts === undefined ? [] : [describeVerification(quality.verdicts)];
  return table === ''
    ? 'No decision point was exported.'
    : ['What became of the decision points, by rule:', table, ...verdicts].join('\n\n');
}

function lengthTable({ formats }: ExportDescription): string {
  // All formats of one kind have the same records.
  const kinds = FORMAT_KINDS.flatMap(
    (kind) => formats.find((format) => format.kind === kind && format.records > 0) ?? [],
  );
  const rows = kinds.flatMap(({ kind, lengths }) =>
    Object.entries(lengths).flatMap(([part, statistics]: [string, LengthStatistics | null]) => {
      if (statistics === null) return [];
      const { mean, p50, p95, max } = statistics.characters;
      return [[kind, part, mean, p50, p95, max, statistics.words.mean]];
    }),
  );
  const lengths = table(['kind', 'text', 'mean characters', 'median', '95 %', 'longest', 'mean words'], rows);
  return [lengths, ...kinds.flatMap(({ lengthBias }) => lengthBias ?? []).map(biasSentence)].join('\n\n');
}

function biasSentence({ preferredLonger, rejectedLonger, equal, correlation }: LengthBias): string {
  const pairs = preferredLonger + rejectedLonger + equal;
  return (
    `The preferred response is the longer one in ${preferredLonger} of ${pairs} pairs, the rejected one in ${rejectedLonger}; ` +
    `length and preference correlate by ${correlation ?? 0}.`
  );
}

function provenance({ source, mix }: ExportDescription): string {
  const models = Object.entries(source.models).map(([role, ids]) => {
    const served = source.served?.[role] ?? [];
    const names = served.length === 0 ? '' : ` (served as ${served.map(codeSpan).join(', ')})`;
    return `- ${markdownText(role)}: ${ids.map(codeSpan).join(', ')}${names}${teachers(source, role)}`;
  });
  const prompts = Object.values(source.prompts).flat();
  const general =
    mix === null
      ? []
      : [
          `- general chat data: ${mix.rows} rows from ${codeSpan(mix.file)} (SHA-256 ${codeSpan(mix.sha256)}), in the training files of demonstrations`,
        ];
  return [
    ...models,
    ...(prompts.length === 0 ? [] : [`- prompts: ${prompts.map(codeSpan).join(', ')}`]),
    `- conversations that broke off and were used up to there: ${source.failedConversations}`,
    ...general,
  ].join('\n');
}

/** `; of the responses in the pairs, \`a\` wrote 60 % and …`. Empty for a role of one model. */
function teachers({ teachers }: ExportDescription['source'], role: string): string {
  const shares = role === 'preferred' || role === 'rejected' ? (teachers?.[role] ?? []) : [];
  if (shares.length < 2) return '';
  const parts = shares.map(({ model, share }) => `${codeSpan(model)} ${Math.round(100 * share)} %`);
  return `; responses in the pairs by ${parts.join(', ')}`;
}

function licences(
  { mix }: ExportDescription,
  license: string | undefined,
  sources: readonly { readonly name: string; readonly license: string }[],
): string {
  return [
    license === undefined
      ? 'The licence of this dataset was not stated. Ask before you share it.'
      : `This dataset: ${markdownText(license)}.`,
    'The messages were written by the models above, whose terms may limit what is trained on them.',
    ...sources.map(({ name, license: own }) => `- ${markdownText(name)}: ${markdownText(own)}`),
    ...(mix === null ? [] : [`- ${codeSpan(mix.file)}: ${markdownText(mix.license ?? 'not stated')}`]),
  ].join('\n');
}

const LIMITS = [
  '- The users are simulated. What they like, and how they show it, is what a language model makes of a persona.',
  '- Which response is preferred was decided by how it was made, not by a person: it was written knowing the traits that the user had shown.',
  '- Where the table of lengths shows a correlation, a model can learn length in place of preference.',
].join('\n');

/** A table of texts. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return markdownTable(head, rows, head.length);
}
