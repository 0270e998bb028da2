import { nameMatcher } from './name-matcher.ts';
import { countPhrases, findPhrase, LANGUAGES } from './phrases/find-phrase.ts';
import { findSameCount } from './stated-counts.ts';
import { firstNameOf, isWordToo } from './stated-facts.ts';
import type { UserCheck } from './user-check.ts';

/** Phrases in one message. One alone is what people say to friends. */
const MUCH_COUNSEL = 2;
/** `your three daughters` */
const YOUR_COUNT = /(?<![\p{L}\p{N}])your (\p{L}{3,7}|\d{1,3}) ([\p{L}'-]{3,30})/gu;

/** Finds messages from the other side: they address the user by name, count the user's things as "yours", or offer help. */
export const roleReversalCheck: UserCheck = {
  problem: 'role-reversal',
  tolerable: false,
  find({ spoken }, { persona }) {
    const name = firstNameOf(persona);
    if (name !== null && addressOf(name).test(spoken))
      return `it spoke to ${name}, but ${name} is who writes`;
    const fact = findSameCount(spoken.matchAll(YOUR_COUNT), persona.profile.facts);
    if (fact !== null) return `it told the person about the person (${fact}); write as the person`;
    const phrase = findPhrase('roleReversal', spoken);
    if (phrase !== null) return `it spoke as the friend does ("${phrase}"); write as the person`;
    return countPhrases('counsel', spoken) < MUCH_COUNSEL
      ? null
      : 'it gave counsel as the friend does; write as the person';
  },
};

const GREETINGS = LANGUAGES.flatMap(({ greetings }) => greetings).join('|');

/** Matches a text that addresses somebody by name: "hey marit …", "marit, …", "…, marit?". Not "hi, marit here", nor "hey will you". */
const addressOf = nameMatcher((name) =>
  isWordToo(name)
    ? String.raw`^(?:${GREETINGS})(?: there)?,? ${name}(?=[,.!?]|$)|, ${name}\?`
    : String.raw`^(?:(?:${GREETINGS})(?: there)?,? ${name}(?![\p{L}'-]| (?:here|hier|ici|aquí|again|speaking|nochmal|encore|otra vez)(?!\p{L}))|${name}[,!] )|, ${name}\?`,
);
