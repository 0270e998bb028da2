import { describe, expect, test } from 'vitest';
import { repetitionCheck } from '../../../src/preferences/faults/repetition.ts';
import { texts } from './texts.ts';

describe('the check for repetition', () => {
  test.each([
    ['a sentence', 'I love to read about the sea. I love to read about the sea.', 50],
    [
      'a loop without full stops',
      'and then we went to the park and then we went to the park and then we went to the park',
      67,
    ],
    [
      'a sentence after another',
      'Water them less often, and in the morning. Tomatoes like it. Water them less often, and in the morning.',
      42,
    ],
    ['a Chinese sentence', '我每天早上都去海边散步看日出。我每天早上都去海边散步看日出。', 50],
  ])('finds %s that comes again', (_name, text, share) => {
    expect(repetitionCheck.find(texts('Hi.', text))).toBe(`repeats ${share} % of itself`);
    expect(repetitionCheck.find(texts('Hi.', 'Hello.', text))).toBe(`repeats ${share} % of itself`);
  });

  test('finds an earlier response that is said again, whatever its punctuation', () => {
    const said = ['Hi.', 'How was the night at the ward?', 'Long.'];
    expect(repetitionCheck.find(texts(said, 'How was the night, at the ward!'))).toBe(
      'says an earlier response again',
    );
    expect(repetitionCheck.find(texts(said, 'How was the night at the ward? And the coffee?'))).toBeNull();
    expect(
      repetitionCheck.find(
        texts(['Long night at the ward, really.', 'Oh?', 'Yes.'], 'Long night at the ward, really.'),
      ),
    ).toBeNull();
  });

  test('lets short replies, laughter, parallels and refrains pass', () => {
    expect(
      repetitionCheck.find(texts(['Hi.', 'Good luck with that!', 'Thanks.'], 'Good luck with that!')),
    ).toBeNull();
    expect(repetitionCheck.find(texts('Hi.', 'ha '.repeat(20)))).toBeNull();
    expect(
      repetitionCheck.find(
        texts(
          'Hi.',
          'I am proud of you for the garden. I am proud of you for the bread. I am proud of you for both.',
        ),
      ),
    ).toBeNull();
    const poem =
      'The kettle sings, the window weeps, and you come home at last. The cat has claimed your chair again and holds it ' +
      'to the mast. The kettle sings, the window weeps, the soup is getting cold, and I have saved the crust for you, as ' +
      'somebody once told.';
    expect(repetitionCheck.find(texts('A poem!', poem))).toBeNull();
    expect(repetitionCheck.find(texts('Hi.', ''))).toBeNull();
  });

  test('a quarter of a response is too much, a little less is not', () => {
    const others = 'And now something else about bread, then';
    expect(repetitionCheck.find(texts('Hi.', `We all like soup. We all like soup. ${others} cake.`))).toBe(
      'repeats 25 % of itself',
    );
    expect(
      repetitionCheck.find(texts('Hi.', `We all like soup. We all like soup. ${others} more cake.`)),
    ).toBeNull();
  });

  test('sentences of three words, and six Chinese characters, come again in any chat', () => {
    expect(repetitionCheck.find(texts('Hi.', 'I like soup. I like soup.'))).toBeNull();
    expect(repetitionCheck.find(texts('Hi.', '我真喜欢喝汤。我真喜欢喝汤。'))).toBeNull();
    expect(repetitionCheck.find(texts('Hi.', '我今天也去海边了。我今天也去海边了。'))).toBe(
      'repeats 50 % of itself',
    );
    expect(repetitionCheck.find(texts('Hi.', '我喜欢喝茶，你喜欢喝茶，他喜欢喝茶，她不爱。'))).toBeNull();
  });

  test('words are compared, not letters, and two that take turns are laughter', () => {
    expect(repetitionCheck.find(texts('Hi.', 'A way we go. Aw ay we go.'))).toBeNull();
    expect(repetitionCheck.find(texts('Hi.', 'ha ho '.repeat(10)))).toBeNull();
    expect(repetitionCheck.find(texts('Hi.', 'tick tock boom '.repeat(6)))).not.toBeNull();
    expect(repetitionCheck.find(texts('Hi.', 'Room 20 on floor 24. Room 2024 on floor.'))).toBeNull();
  });

  test('an earlier response of six words counts', () => {
    expect(
      repetitionCheck.find(
        texts(['Hi.', 'How was the night at work?', 'Long.'], 'How was the night at work?'),
      ),
    ).toBe('says an earlier response again');
    expect(repetitionCheck.fault).toBe('repetition');
  });

  test("finds a response that is nothing but the user's message", () => {
    const said = 'I sit on the balcony, all day. The tomatoes are red by now! Nobody eats them.';
    const parrot = 'The tomatoes are red by now. I sit on the balcony all day!';
    expect(repetitionCheck.find(texts(said, parrot))).toBe("says the user's message again");
    expect(repetitionCheck.find(texts(said, 'Yes.', parrot))).toBe("says the user's message again");
    expect(repetitionCheck.find(texts(said, `${parrot} Nobody?`))).toBe("says the user's message again");
    expect(repetitionCheck.find(texts(said, `${parrot} Not one?`))).toBeNull();
    expect(
      repetitionCheck.find(texts(said, 'The tomatoes are red by now? Nobody eats them? No.')),
    ).toBeNull();
    expect(repetitionCheck.find(texts([said, 'Oh?', 'Yes.'], parrot))).toBeNull();
  });

  test('surprise is short', () => {
    const said = 'The tomatoes on the balcony are red by now and nobody eats.';
    expect(repetitionCheck.find(texts(said, said))).toBe("says the user's message again");
    expect(
      repetitionCheck.find(texts(said, 'The tomatoes on the balcony are red by now and nobody?')),
    ).toBeNull();
  });

  test('twelve Chinese characters are six words', () => {
    const said = ['你好。', '今天晚上医院里忙不忙呢？', '很忙。'];
    expect(repetitionCheck.find(texts(said, '今天晚上医院里忙不忙呢？'))).toBeNull();
    const long = ['你好。', '今天晚上医院里面忙不忙呢？', '很忙。'];
    expect(repetitionCheck.find(texts(long, '今天晚上医院里面忙不忙呢？'))).toBe(
      'says an earlier response again',
    );
  });
});
