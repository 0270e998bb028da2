import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { html, plainText } from '../../src/page/html.ts';
import { HOSTILE_TEXTS } from '../report/hostile-texts.ts';

describe('html', () => {
  test.each(HOSTILE_TEXTS)('escapes inserted values: %j', (text) => {
    const { markup } = html`<p title="${text}">${text}</p>`;
    const { document } = parseHTML(`<html><body>${markup}</body></html>`);
    expect([...document.body.children].map(({ localName }) => localName)).toEqual(['p']);
    const paragraph = document.querySelector('p');
    expect(paragraph.children.length).toBe(0);
    expect(paragraph.textContent).toBe(plainText(text));
    expect(paragraph.getAttribute('title')).toBe(plainText(text));
    expect(paragraph.attributes.length).toBe(1);
  });

  test('nests, joins lists, and leaves out null', () => {
    const items = ['<a>', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}${null}${3}</ul>`.markup).toBe('<ul><li>&#60;a&#62;</li><li>b</li>3</ul>');
  });
});

test('plainText keeps exactly what a document can contain', () => {
  expect(plainText('a\u0000b\ud83dc\td\n\u{1f600}')).toBe('a\ufffdb\ufffdc\td\n\u{1f600}');
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), (units) => {
      const text = String.fromCharCode(...units);
      const plain = plainText(text);
      expect(plain.isWellFormed()).toBe(true);
      expect(plainText(plain)).toBe(plain);
      expect(plain.length).toBe(text.length);
    }),
  );
});
