import { parseRepaired } from '../../internal/repair-json.ts';
import type { StatementLimits } from '../statements.ts';
import { arePeople } from './person-or-people.ts';

/** Keys that hold entries, whatever the other keys are. */
const ENTRIES_KEY =
  /^(?:new_?)?(?:profiles|personalities|people|persons|personas|entries|items|results?|data|users|characters|individuals|list|output|response)$/i;
/** Keys that hold the statements about one person. */
const STATEMENTS_KEY =
  /^(?:facts?|traits?|statements?|sentences?|profile|personality|persona|descriptions?|attributes|characteristics|details|bio|summary|text|content)$/i;
/** How JSON that could describe people begins. Keys may be unquoted. */
const JSON_OPENING = /[[{]\s*(?:["'“{[\]}]|\w+\s*["']?:)/;
/** `Person 3`, `Profile #3`, `person3` */
const NUMBERED_NAME = /^\W*(?:\w+(?:\s+#?|#)\d+|\w+\d)\W*$/;
const BOOKKEEPING_KEY = /^(?:id|number|no|index|type|label|title|heading|_.*)$/i;

/** The statements of each person in a JSON reply. Null if the reply contains no JSON that could describe people. */
export function entriesFromJson(reply: string, limits: StatementLimits): string[][] | null {
  const start = reply.search(JSON_OPENING);
  if (start < 0) return null;
  const values = jsonValues(reply.slice(start));
  const entries = values.flatMap((value) => collect(value, values.length > 1, limits));
  return entries.length === 0 ? null : entries;
}

/** The JSON values of a reply: one, or several with text between them ("1. [...] 2. [...]"). */
function jsonValues(text: string): unknown[] {
  const segments = bracketed(text);
  const parsed = segments.map(({ body, closed }) => (closed ? tryParse(body) : undefined));
  if (segments.length === 0) return [];
  if (parsed.every((value) => value !== undefined)) return parsed;
  const toLastBracket = text.slice(0, Math.max(text.lastIndexOf(']'), text.lastIndexOf('}')) + 1);
  // In a truncated reply, part of the last person comes after the last bracket.
  const cutShort = segments.at(-1)?.closed === false;
  const whole = cutShort
    ? (tryRepair(text) ?? tryRepair(toLastBracket))
    : (tryRepair(toLastBracket) ?? tryRepair(text));
  if (whole !== undefined) return [whole];
  return segments.map(({ body }) => tryRepair(body)).filter((value) => value !== undefined);
}

/** No reply about people nests deeper, and deeper values could overflow the stack of recursive code. */
const MAX_DEPTH = 20;

/** The outermost bracketed parts that begin like JSON. The last one may be unclosed. */
function bracketed(text: string): { body: string; closed: boolean }[] {
  const parts: { body: string; closed: boolean }[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (depth > 0 && quoted) {
      if (character === '\\') i += 1;
      else if (character === '"') quoted = false;
    } else if (depth > 0 && character === '"') quoted = true;
    else if (character === '[' || character === '{') {
      if (depth === 0) start = i;
      depth += 1;
      if (depth > MAX_DEPTH) return [];
    } else if ((character === ']' || character === '}') && depth > 0) {
      depth -= 1;
      if (depth === 0) parts.push({ body: text.slice(start, i + 1), closed: true });
    }
  }
  if (depth > 0) parts.push({ body: text.slice(start), closed: false });
  return parts.filter(({ body }) => body.search(JSON_OPENING) === 0);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tryRepair(text: string): unknown {
  try {
    const value = parseRepaired(text);
    return typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

function collect(value: unknown, labelled: boolean, limits: StatementLimits): string[][] {
  if (typeof value === 'string') return [[value]];
  if (Array.isArray(value)) {
    const texts = value.filter((item): item is string => typeof item === 'string');
    if (texts.length === value.length) {
      if (texts.length === 0) return [];
      return arePeople(texts, labelled, limits) ? texts.map((text) => [text]) : [texts];
    }
    return value.flatMap((item) => collect(item, true, limits));
  }
  if (typeof value !== 'object' || value === null) return [];
  return collectFromObject(Object.entries(value), limits);
}

function collectFromObject(
  members: readonly (readonly [string, unknown])[],
  limits: StatementLimits,
): string[][] {
  const wrapped = members.filter(([key, value]) => ENTRIES_KEY.test(key) && isContainer(value));
  if (wrapped.length > 0) return wrapped.flatMap(([, value]) => collect(value, false, limits));
  if (members.some(([key, value]) => STATEMENTS_KEY.test(key) && holdsText(value)))
    return [personStatements(members)];
  const containers = members.filter(([, value]) => isContainer(value) || isParagraph(value));
  const namesPeople =
    containers.length === members.length &&
    containers.length > 0 &&
    containers.every(
      ([key, value]) => /\d$/.test(key) || isParagraph(value) || looksLikePerson(value, limits),
    );
  if (namesPeople) return containers.flatMap(([, value]) => collect(value, true, limits));
  const statements = personStatements(members);
  return statements.length === 0 ? [] : [statements];
}

/** The statements of one person. Members that do not hold statements become "Key: value". */
function personStatements(members: readonly (readonly [string, unknown])[]): string[] {
  return members.flatMap(([key, value]) => {
    if (STATEMENTS_KEY.test(key)) return plainStatements(value);
    if (BOOKKEEPING_KEY.test(key) || (typeof value === 'string' && NUMBERED_NAME.test(value))) return [];
    return attribute(key, value);
  });
}

function plainStatements(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(plainStatements);
  return typeof value === 'object' && value !== null ? personStatements(Object.entries(value)) : [];
}

function attribute(key: string, value: unknown): string[] {
  const name = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  const label = name.charAt(0).toUpperCase() + name.slice(1);
  if (typeof value === 'string' && value.trim() !== '') {
    return value.split(/\s+/).length >= 6 ? [value] : [`${label}: ${value}`];
  }
  if (typeof value === 'number') return [`${label}: ${value}`];
  if (typeof value === 'boolean') return [`${label}: ${value ? 'yes' : 'no'}`];
  if (Array.isArray(value)) {
    const items = value.flatMap(plainStatements);
    const short = items.every((item) => item.split(/\s+/).length <= 3);
    return items.length === 0 ? [] : short ? [`${label}: ${items.join(', ')}`] : items;
  }
  return typeof value === 'object' && value !== null ? personStatements(Object.entries(value)) : [];
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function holdsText(value: unknown): boolean {
  return isContainer(value) || (typeof value === 'string' && value.trim() !== '');
}

function isParagraph(value: unknown): boolean {
  return typeof value === 'string' && /[.!?]\s+\S.*[.!?]/s.test(value);
}

/** Whether a value describes a person. A list must hold sentences, not single words such as hobbies. */
function looksLikePerson(value: unknown, limits: StatementLimits): boolean {
  if (!Array.isArray(value)) return Object.keys(value as object).some((key) => STATEMENTS_KEY.test(key));
  if (value.some(isContainer)) return true;
  const words = value.reduce<number>((sum, item) => sum + String(item).split(/\s+/).length, 0);
  return value.length >= limits.minStatements && words >= 3 * value.length;
}
