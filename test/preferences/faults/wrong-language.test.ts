import { describe, expect, test } from 'vitest';
import { wrongLanguageCheck } from '../../../src/preferences/faults/wrong-language.ts';
import { texts } from './texts.ts';

const english = 'I think that the tomatoes on your balcony just need a little more sun and less water.';
const german =
  'Ich glaube, dass die Tomaten auf dem Balkon nur etwas mehr Sonne und weniger Wasser brauchen.';
const spanish =
  'Creo que los tomates del balcón solo necesitan un poco más de sol y menos agua, pero con calma.';
const french = 'Je crois que les tomates du balcon ont juste besoin de plus de soleil et pas de cette eau.';
const chinese = '我觉得阳台上的番茄只是需要多一点阳光，少浇一点水。';
const all = { en: english, de: german, es: spanish, fr: french, zh: chinese };

describe('the check for languages', () => {
  test('finds each language in answer to each other one, and none in answer to itself', () => {
    for (const [user, said] of Object.entries(all)) {
      for (const [language, response] of Object.entries(all)) {
        const found = wrongLanguageCheck.find(texts(said, response));
        expect(found).toBe(user === language ? null : `${language} to ${user}`);
      }
    }
  });

  test('names the fault, and has nothing to say without a message of the user', () => {
    expect(wrongLanguageCheck.fault).toBe('wrong-language');
    expect(wrongLanguageCheck.find({ conversation: [], preferred: german, rejected: null })).toBeNull();
  });

  test('short messages of one language are answered in it', () => {
    const said = ['Ich bin auf dem Balkon und', 'Ja?', 'das ist auch noch nicht alles'];
    expect(wrongLanguageCheck.find(texts(said, german))).toBeNull();
    expect(wrongLanguageCheck.find(texts(said, english))).toBe('en to de');
  });

  test('looks at the rejected response too', () => {
    expect(wrongLanguageCheck.find(texts(english, english, german))).toBe('de to en');
  });

  test('a short or mixed text is not judged', () => {
    expect(wrongLanguageCheck.find(texts(english, 'Gute Besserung, mein Lieber!'))).toBeNull();
    expect(wrongLanguageCheck.find(texts(english, `${english} ${german}`))).toBeNull();
    expect(wrongLanguageCheck.find(texts('Hm.', german))).toBeNull();
  });

  test('short messages are judged together with those before', () => {
    const said = ['I sit on the balcony and wait.', german, 'It is not that hot.'];
    expect(wrongLanguageCheck.find(texts(said, german))).toBe('de to en');
  });

  test('a language that the user has written or named is right', () => {
    expect(wrongLanguageCheck.find(texts([german, german, english], german))).toBeNull();
    expect(wrongLanguageCheck.find(texts(`${english} Say it in German!`, german))).toBeNull();
    expect(wrongLanguageCheck.find(texts(`${spanish} Dímelo en alemán.`, german))).toBeNull();
    expect(
      wrongLanguageCheck.find(texts([`${english} My Mandarin is rusty.`, 'Is it?', english], chinese)),
    ).toBeNull();
    expect(wrongLanguageCheck.find(texts(`${chinese}请用英文写。`, english))).toBeNull();
  });
});
