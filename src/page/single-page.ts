import { createHash } from 'node:crypto';

/** A self-contained page: it opens from disk, makes no requests and runs only its own scripts. */
export interface SinglePage {
  readonly title: string;
  /** Trusted markup. Text from models or users belongs in `data`, from where it goes into text nodes. */
  readonly body: string;
  readonly styles: readonly string[];
  /** Classic scripts, run in this order after the body; each sees the globals of earlier ones. */
  readonly scripts: readonly string[];
  /** JSON-safe values by element id: `JSON.parse(document.getElementById(id).textContent)`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Renders the page. Its policy allows only these styles and scripts, by hash, and `data:` images. */
export function renderSinglePage({ title, body, styles, scripts, data }: SinglePage): string {
  const policy = [
    "default-src 'none'",
    `script-src ${sources(scripts)}`,
    `style-src ${sources(styles)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    // Scripts cannot turn text into markup: `innerHTML` and the like throw, in browsers that support this.
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

/** JSON that cannot end its script element: without "<" there is no end tag and no comment. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** Escapes text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function sources(texts: readonly string[]): string {
  if (texts.length === 0) return "'none'";
  return texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}
