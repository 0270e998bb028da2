import { createHash } from 'node:crypto';

/** A self-contained page: it opens from disk, makes no requests and runs only its own scripts. */
export interface SinglePage {
  readonly title: string;
  /** Trusted markup. Text from models or users belongs in `data`, from where it goes into text nodes. */
  readonly body: string;
  readonly styles: readonly string[];
  /** Classic scripts, run in this order after the body; each sees the globals of earlier ones. */
  readonly scripts: readonly string[];
  /** Whether the page asks the server that it came from. Default false: it makes no requests. */
  readonly asksServer?: boolean | undefined;
  /** JSON-safe values by element id: `JSON.parse(document.getElementById(id).textContent)`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Renders the page. Its policy allows only these styles and scripts, by hash, and `data:` images. */
export function renderSinglePage(page: SinglePage): string {
  const { title, body, styles, scripts, data } = page;
  const policy = pagePolicy(page);
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

/** The content security policy of a page. A server that sends it repeats it as a header. */
export function pagePolicy({
  styles,
  scripts,
  asksServer = false,
}: Omit<SinglePage, 'body' | 'title' | 'data'>): string {
  return [
    "default-src 'none'",
    `script-src ${sources(scripts)}`,
    `style-src ${sources(styles)}`,
    'img-src data:',
    ...(asksServer ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    // Scripts cannot turn text into markup: `innerHTML` and the like throw, in browsers that support this.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
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
