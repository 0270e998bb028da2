import * as z from 'zod';
import { configSchema } from '../../src/config/config-schema.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const MARKERS = /(<!-- options: ?(\S*) -->\n).*?(<!-- \/options -->)/gs;

/** The text of `docs/config.md` with its tables of options, which come from the config's schema. */
export function configPage(text: string): string {
  const root = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return text.replace(MARKERS, (_, start: string, path: string, end: string) => {
    const section = path
      .split('.')
      .reduce<JsonSchema>((schema, name) => membersOf(schema)[name] ?? schema, root);
    const rows = rowsOf(section, '', path === '');
    if (rows.length === 0) throw new Error(`docs/config.md: the config has no options "${path}"`);
    return `${start}\n| option | default | |\n| --- | --- | --- |\n${rows.join('\n')}\n\n${end}`;
  });
}

/** Options of options have a path. At the top, objects are sections of their own. */
function rowsOf(schema: JsonSchema, prefix: string, isTop: boolean): string[] {
  return Object.entries(membersOf(schema)).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const isObject = member.type === 'object' && member.properties !== undefined;
    if (isObject && isTop && path !== 'budget') return [];
    return isObject ? rowsOf(member, `${path}.`, false) : [row(path, member)];
  });
}

/** The members of an object, or of each in a list. What may be several things has those of the first that is an object. */
function membersOf({ properties, anyOf, items }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  if (items !== undefined) return membersOf(items as JsonSchema);
  const members = properties ?? anyOf?.map((one) => (one as JsonSchema).properties).find(Boolean) ?? {};
  return members as Readonly<Record<string, JsonSchema>>;
}

function row(path: string, { description = '', default: usual, enum: choices }: JsonSchema): string {
  const named =
    choices === undefined ? '' : ` One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.`;
  const shown = usual === undefined || usual === false ? '' : String(usual);
  return `| \`${path}\` | ${shown} | ${description}${named} |`.replaceAll('  ', ' ');
}
