import type * as z from 'zod';
import { excerpt } from '../redact.ts';
import { counted } from './format.ts';

/**
 * What a schema found wrong, in one sentence part: the first problem, where it is, and how many more there are. A file of
 * another kind has dozens.
 *
 * @example `expected "aloe-evaluation/3", received "aloe-rating-key/1" at schema (and 20 more problems)`
 */
export function describeIssues({ issues }: z.ZodError, value: unknown): string {
  const [first, ...others] = issues;
  if (first === undefined) return 'unknown problem';
  const found = first.path.reduce<unknown>(
    (inner, key) => (inner as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key],
    value,
  );
  const message = first.message.replace(/^Invalid input: /, '').replace(/\.$/, '');
  const received =
    typeof found === 'string' && !message.includes('received')
      ? `, received ${JSON.stringify(excerpt(found, 80))}`
      : '';
  const place = first.path.length === 0 ? '' : ` at ${describePath(first.path)}`;
  const more = others.length === 0 ? '' : ` (and ${counted(others.length, 'more problem')})`;
  return `${message}${received}${place}${more}`;
}

/** `cases[0].turns` */
function describePath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
