import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, jsonForScript, renderSinglePage } from '../../src/page/single-page.ts';

const page = {
  title: 'A <b> & "c"',
  body: '<main></main>',
  styles: ['body { margin: 0 }'],
  scripts: ['const a = 1;', 'a;'],
  data: { sheet: { text: '</script><script>alert(1)</script><!--' } },
};
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('a single page', () => {
  test('allows its own styles and scripts by their hashes, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(renderSinglePage(page))?.[1];
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${page.scripts.map(hash).join(' ')}`,
      `style-src ${page.styles.map(hash).join(' ')}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(renderSinglePage({ ...page, scripts: [] })).toContain("script-src 'none'");
  });

  test('contains only its own scripts and data', () => {
    const html = renderSinglePage(page);
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html.match(/<\/script/g)).toHaveLength(3);
    expect(html).toContain('<title>A &#60;b&#62; &#38; &#34;c&#34;</title>');
  });

  test('carries any data unchanged, without a tag in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = jsonForScript(value);
        expect(json).not.toContain('<');
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('escapes characters that would end a text or an attribute', () => {
    expect(escapeHtml(`<a href='x' title="y">&`)).toBe('&#60;a href=&#39;x&#39; title=&#34;y&#34;&#62;&#38;');
  });
});
