import { escapeHtml } from './single-page.ts';

/** Markup that is safe to insert unescaped. Only {@link html} and {@link trustedMarkup} create it. */
export interface Markup {
  readonly markup: string;
}

type HtmlValue = string | number | null | Markup | readonly HtmlValue[];

/**
 * An HTML template tag. Values are escaped for text and quoted attributes, unless they are {@link Markup}. Lists are
 * joined; null renders as nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return { markup: parts.map((part, index) => part + render(values[index] ?? null)).join('') };
}

/** Marks markup made by this library, such as a chart, as trusted. */
export function trustedMarkup(markup: string): Markup {
  return { markup };
}

/** Replaces what a document cannot contain, lone surrogates and control characters, with U+FFFD. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the pattern looks for.
  const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
  return text.toWellFormed().replace(unfit, '\ufffd');
}

function render(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(plainText(value));
  return 'markup' in value ? value.markup : value.map(render).join('');
}
