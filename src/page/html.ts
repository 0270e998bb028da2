import { escapeHtml } from './single-page.ts';

/** Markup that may stand in a page as it is. Only {@link html} and {@link trustedMarkup} make it. */
export interface Markup {
  readonly markup: string;
}

type HtmlValue = string | number | null | Markup | readonly HtmlValue[];

/**
 * A template for HTML: what is put in is escaped, for text and for quoted attributes alike, unless it is markup
 * itself. Lists are joined; null is nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return { markup: parts.map((part, index) => part + render(values[index] ?? null)).join('') };
}

/** Markup that is known to be ours: a chart. */
export function trustedMarkup(markup: string): Markup {
  return { markup };
}

/** Text without what a document cannot hold: half surrogates and control characters become U+FFFD. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
  return text.toWellFormed().replace(unfit, '\ufffd');
}

function render(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(plainText(value));
  return 'markup' in value ? value.markup : value.map(render).join('');
}
