/**
 * Writes the part of docs/command-line.md that the commands say of themselves: `node tools/command-line-page.ts`.
 * A test fails if the page is stale.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { ArgDef } from 'citty';
import { flagName, placeNames } from '../src/cli/help.ts';
import type { Verb } from '../src/cli/verb.ts';
import { ALOE, type VerbGroup } from '../src/cli/verb-table.ts';

const PAGE = new URL('../docs/command-line.md', import.meta.url);

/** All below this line is generated. */
const MARK = '<!-- The rest is written by tools/command-line-page.ts. -->';

/** The page as it should be. */
export async function commandLinePage(): Promise<string> {
  const [start] = (await readFile(PAGE, 'utf8')).split(MARK);
  const sections = await sectionsOf(ALOE, 'aloe');
  return `${start}${MARK}\n\n${sections.join('\n\n')}\n`;
}

async function sectionsOf({ verbs }: VerbGroup, name: string): Promise<string[]> {
  const nested = Object.entries(verbs).map(async ([verb, entry]) => {
    const path = `${name} ${verb}`;
    if ('verbs' in entry) return sectionsOf(entry, path);
    return [sectionOf(path, entry.description, await entry.load())];
  });
  return (await Promise.all(nested)).flat();
}

function sectionOf(name: string, description: string, verb: Verb): string {
  const examples = verb.examples.map(({ words, what }) => `# ${what}\naloe ${words}`);
  const places = placeNames(verb);
  const rows = Object.entries(verb.args)
    .filter(([arg]) => arg !== 'json')
    .map(([arg, own]) => row(own.type === 'positional' ? places.shift()! : flagName(arg, own), own));
  return [
    `### ${name}`,
    description,
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
    ...(rows.length === 0 ? [] : [`| argument | default | |\n| --- | --- | --- |\n${rows.join('\n')}`]),
    ...(verb.failed === undefined ? [] : [`Status 1: ${verb.failed}`]),
  ].join('\n\n');
}

function row(shown: string, { description = '', default: otherwise = '', required, type }: ArgDef): string {
  const usual = required && type !== 'positional' ? 'required' : otherwise;
  return `| \`${cell(shown)}\` | ${usual} | ${cell(description)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (import.meta.main) await writeFile(PAGE, await commandLinePage());
