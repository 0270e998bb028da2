import { describe, expect, test } from 'vitest';
import { languageOf, namesOfLanguage } from '../../src/internal/text-language.ts';

describe('languageOf', () => {
  test.each([
    ['en', 'I think that the tomatoes on your balcony just need a little more sun.'],
    ['en', 'THAT’S WHAT THEY ALL SAY, BUT I DON’T BELIEVE THE STORY FOR A MINUTE.'],
    ['de', 'Ich glaube, dass die Tomaten auf dem Balkon nur etwas mehr Sonne brauchen.'],
    ['es', 'Creo que los tomates del balcón solo necesitan un poco más de sol, pero con calma.'],
    ['fr', 'Je crois que les tomates du balcon ont juste besoin de plus de soleil, et c’est tout.'],
    ['zh', '我觉得番茄需要阳光'],
    ['ja', 'トマトにはもっと日光が必要だと思います'],
    ['ja', '番茄需要阳光的意味です'],
    ['ko', '토마토는 햇빛이 더 필요한 것 같아요'],
    ['ru', 'Я думаю, что помидорам нужно больше солнца'],
    ['ar', 'أعتقد أن الطماطم تحتاج إلى مزيد من الشمس'],
    ['hi', 'मुझे लगता है कि टमाटर को अधिक धूप चाहिए'],
    ['el', 'Νομίζω ότι οι ντομάτες χρειάζονται περισσότερο ήλιο'],
    ['he', 'אני חושב שהעגבניות צריכות יותר שמש'],
    ['th', 'ฉันคิดว่ามะเขือเทศต้องการแดดมากขึ้น'],
  ])('tells %s: %s', (language, text) => {
    expect(languageOf(text)).toBe(language);
  });

  test.each([
    ['short', 'That is what they said.'],
    ['without words', '1, 2, 3! 😀'],
    ['empty', ''],
    ['mixed', 'She said お薬はいやです and then she laughed a lot'],
    ['half German', 'I think the problem is that ich die Tomaten nicht auf dem Balkon habe.'],
    ['a list of names', 'Marit, Pelle, Grus, Tromsø, Alta, Bergen, Svalbard, Kvaløya, Oslo, Narvik'],
    ['Polish', 'Myślę, że pomidory na balkonie potrzebują po prostu trochę więcej słońca.'],
    ['a short Chinese one', '好的谢谢你'],
    ['a short Russian one', 'Да, конечно'],
    ['with words of two languages', 'the and of to is der und ist nicht das'],
  ])('does not judge a text that is %s', (_name, text) => {
    expect(languageOf(text)).toBeNull();
  });

  test('code and addresses do not count', () => {
    const code = '```\nif (the) and (of) that is it for you with this\n```';
    expect(languageOf(code)).toBeNull();
    expect(languageOf('`the and of to is it that you for` https://example.com/the/and/of')).toBeNull();
    expect(
      languageOf(`${code} Ich glaube, dass die Tomaten auf dem Balkon nur etwas mehr Sonne brauchen.`),
    ).toBe('de');
  });
});

describe('namesOfLanguage', () => {
  test('names a language in the others, and in itself', () => {
    expect(namesOfLanguage('es')).toEqual(
      expect.arrayContaining([
        'spanish',
        'spanisch',
        'español',
        'espagnol',
        '西班牙语',
        '西班牙文',
        'castellano',
      ]),
    );
    expect(namesOfLanguage('zh')).toEqual(expect.arrayContaining(['chinese', 'mandarin', '中文', '汉语']));
    expect(namesOfLanguage('ko')).toContain('한국어');
  });

  test('a script may stand for several languages', () => {
    expect(namesOfLanguage('ru')).toEqual(
      expect.arrayContaining(['russian', 'ukrainian', 'bulgare', 'serbisch']),
    );
    expect(namesOfLanguage('de')).not.toContain('english');
  });
});
