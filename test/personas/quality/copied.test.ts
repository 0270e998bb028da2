import { expect, it } from 'vitest';
import { knownStatements } from '../../../src/personas/quality/copied.ts';

const known = knownStatements();
known.add(['Keeps bees in Porto', 'Drives a night tram', 'Hums', 'Sings', 'Owns two old goats']);
known.add(['Teaches physics in Hanoi', 'Boxes on most Sundays', 'Never eats any fish']);
known.add(['Owns old goats', 'Fears most spiders', 'Grew up there, they say']);
known.add(['喜欢在海边散步', '在青岛的码头开吊车']);

it.each([
  [['Keeps bees in Porto', 'Drives a night tram', 'Bakes'], 'Keeps bees in Porto | Drives a night tram'],
  [
    ['He keeps bees in Porto.', '**She drives a night tram**', 'Bakes'],
    'He keeps bees in Porto. | **She drives a night tram**',
  ],
  [['Owns old goats', 'Fears most spiders'], 'Owns old goats | Fears most spiders'],
  [['喜欢在海边散步。', '在青岛的码头开吊车', '唱歌'], '喜欢在海边散步。 | 在青岛的码头开吊车'],
])('finds that most of %j is from one entry', (statements, copied) => {
  expect(known.findCopied(statements)).toBe(copied);
});

it.each([
  [['Keeps bees in Porto', 'Drives a night tram', 'Bakes', 'Swims'], 'half of it'],
  [['Keeps bees in Porto', 'Teaches physics in Hanoi'], 'each of another entry'],
  [['Hums', 'Sings', 'Owns two new goats'], 'too short to tell'],
  [['Keeps bees in Porto'], 'a single statement'],
  [['Owns old goats', 'Grew up there, say'], 'a word less in the middle'],
  [['Keeps bees in Braga', 'Drives a day tram'], 'other words'],
])('lets %j pass: %s', (statements) => {
  expect(known.findCopied(statements)).toBeNull();
});

it('counts a statement that an entry makes twice once', () => {
  const twice = knownStatements();
  twice.add(['Keeps bees in Porto', 'Keeps bees in Porto', 'Bakes']);
  expect(twice.findCopied(['Keeps bees in Porto', 'Swims', 'Sails'])).toBeNull();
});
