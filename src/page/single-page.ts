import { createHash } from 'node:crypto';

/** A page that is one file: it opens from disk, asks for nothing and runs no script but its own. */
export interface SinglePage {
  readonly title: string;
  /** Markup of this library. Whatever a model or a user wrote goes into `data`, and from there into text nodes. */
  readonly body: string;
  readonly styles: readonly string[];
  /** Classic scripts, run in this order when the page is there; each sees the names of those before it. */
  readonly scripts: readonly string[];
  /** JSON-safe values by element id: `JSON.parse(document.getElementById(id).textContent)`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Renders the page. Its policy allows these very styles and scripts, images in the page itself, and nothing else. */
export function renderSinglePage({ title, body, styles, scripts, data }: SinglePage): string {
  const policy = [
    "default-src 'none'",
    `script-src ${sources(scripts)}`,
    `style-src ${sources(styles)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    // No text becomes markup by script: `innerHTML` and its like throw, where the browser knows this.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${styles.map((style) => `<style>${style}</style>`).join('\n')}
</head>
<body>
${body}
${Object.entries(data)
  .map(
    ([id, value]) =>
      `<script type="application/json" id="${escapeHtml(id)}">${jsonForScript(value)}</script>`,
  )
  .join('\n')}
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** JSON that cannot end the script element it stands in: without "<" there is neither an end tag nor a comment. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function sources(texts: readonly string[]): string {
  if (texts.length === 0) return "'none'";
  return texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}
