import { describe, expect, it } from 'vitest';
import { parsePersonas } from '../../src/personas/parsing/parse-personas.ts';
import {
  personalityGenerationPrompt,
  profileGenerationPrompt,
} from '../../src/personas/persona-generation.ts';

const EXAMPLES = [
  ['Is 34', 'Says "no" often', 'Has a son'],
  ['Is 61', 'Fishes', 'Sings'],
];

describe.each([
  ['profiles', profileGenerationPrompt],
  ['personalities', personalityGenerationPrompt],
])('the prompt for %s', (key, prompt) => {
  const [rules, request] = prompt.messages({ examples: EXAMPLES, count: 7 });

  it('shows the examples in the requested format', () => {
    const shown = request!.content.slice(request!.content.indexOf('{'), request!.content.indexOf('\n]}') + 3);
    expect(JSON.parse(shown)).toEqual({ [key]: EXAMPLES });
    expect(parsePersonas(shown).entries).toEqual(EXAMPLES);
    expect(rules!.content).toContain(`{"${key}": [[`);
  });

  it('asks for the given number of entries', () => {
    expect(request!.content).toContain('write 7 new');
  });

  it('starts with the same text for different examples and counts', () => {
    expect(prompt.messages({ examples: [], count: 1 })[0]).toEqual(rules);
  });
});
