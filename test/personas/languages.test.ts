import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { isEnglish, isForeign, languageOf } from '../../src/personas/languages.ts';
import { plainWords } from '../../src/personas/quality/plain-words.ts';

const foreign = (text: string, tag: string) => isForeign(text, plainWords(text), tag);

describe('languageOf', () => {
  it.each([
    ['de', 'de', 'German'],
    ['pt-br', 'pt-BR', 'Brazilian Portuguese'],
    ['zh', 'zh', 'Chinese'],
  ])('knows %s as %s, %s', (given, tag, name) => {
    expect(languageOf(given)).toEqual({ tag, name });
  });

  it.each(['German', '', 'xx', 'de_'])('refuses %j', (tag) => {
    expect(() => languageOf(tag)).toThrow(InvalidOptionError);
    expect(() => languageOf(tag)).toThrow('Option "language"');
  });
});

it('knows English in all its regions', () => {
  expect(['en', 'en-GB', 'de', 'eng'].map(isEnglish)).toEqual([true, true, false, true]);
});

describe('isForeign', () => {
  it.each([
    ['Живёт в Казани с матерью и работает на заводе', 'en'],
    ['Lives in Kazan with his mother and works at a factory', 'ru'],
    ['Lives in Porto with her mother and works at a factory for the city', 'pt'],
    ['Vit à Lille avec sa mère et ne parle pas quand il est dans la rue', 'es'],
    ['在成都和母亲一起住', 'de'],
  ])('finds that %j is not in %s', (text, tag) => {
    expect(foreign(text, tag)).toBe(true);
  });

  it.each([
    ['Живёт в Казани с матерью', 'ru'],
    ['Vive no Porto com a mãe e trabalha para a câmara', 'pt'],
    ['Grew up in La Paz, Los Angeles, Las Vegas, El Paso and Las Palmas', 'en'],
    ['Sings', 'en'],
    ['42', 'zh'],
    ['在成都的 Apple 专卖店工作，用 iPhone 听 Taylor Swift', 'zh'],
    ['Lives in 東京 and 大阪', 'en'],
  ])('takes %j for %s', (text, tag) => {
    expect(foreign(text, tag)).toBe(false);
  });
});
