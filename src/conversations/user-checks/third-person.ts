import { remembered } from '../../internal/remembered.ts';
import { tokensIn } from '../../internal/words.ts';
import { type Statement, statementsOf } from '../../personas/persona.ts';
import { contentWords, statementWords } from '../../personas/rules/told-statements.ts';
import { findLandmarks } from './landmarks.ts';
import { LANGUAGES } from './phrases/find-phrase.ts';
import { firstNameOf, isWordToo } from './stated-facts.ts';
import type { UserCheck } from './user-check.ts';

const SENTENCE_END = /[.!?…:(（：。！？；\n]+/u;
const SPACED = LANGUAGES.filter(({ spaced }) => spaced);
const FIRST_PERSON = new Set(SPACED.flatMap(({ firstPerson }) => firstPerson));
const THIRD_PERSON = new Set(SPACED.flatMap(({ thirdPerson }) => thirdPerson));
const FIRST_PERSON_HAN = /[我咱俺]|本人/u;
const THIRD_PERSON_HAN = /^[他她]/u;
/** After a name: who writes, and talk of the name itself. */
const NO_SUBJECT =
  /^(?:here|hier|ici|aquí|again|speaking|and|und|y|et|or)(?!\p{L})|(?<!\p{L})(?:name|nombre|nom|prénom)(?!\p{L})/u;
/** After "the": a small model writes of its own person so. */
const NOUNS = new Set(['man', 'woman', 'person', 'girl', 'boy']);
const REASON = 'it spoke of the person as of somebody else; write as "I"';

/** Finds messages in which the person speaks of themselves as of somebody else, with their name or a statement. */
export const thirdPersonCheck: UserCheck = {
  problem: 'third-person-fact',
  tolerable: true,
  find({ spoken, isEnglish }, { persona }) {
    const name = firstNameOf(persona)?.toLowerCase() ?? null;
    const statements = statementsOf(persona);
    // "My sister sold it. She lives upstairs": after a sentence in the first person, a pronoun or "the woman" can mean anybody.
    let pronounIsClear = true;
    for (const part of spoken.split(SENTENCE_END)) {
      const sentence = part.trim();
      const words = tokensIn(sentence);
      if (words.some((word) => FIRST_PERSON.has(word)) || FIRST_PERSON_HAN.test(sentence)) {
        pronounIsClear = false;
        continue;
      }
      const pronoun =
        words[0] !== undefined && (THIRD_PERSON.has(words[0]) || THIRD_PERSON_HAN.test(sentence));
      const noun = words[0] === 'the' && NOUNS.has(words[1] ?? '');
      if ((pronoun || noun) && !pronounIsClear) continue;
      const found =
        (name !== null && !isWordToo(name) && hasSubject(name, sentence)) ||
        repeatsStatement(words.slice(noun ? 2 : Number(pronoun)), statements) ||
        (pronoun && !isEnglish && isAboutStatement(sentence, statements));
      if (found) return REASON;
    }
    return null;
  },
};

/** Whether a sentence begins with the name as its subject: "marit keeps …", in Spanish also "a marit le …". */
function hasSubject(name: string, sentence: string): boolean {
  const start = sentence.startsWith('a ') ? 2 : 0;
  if (!sentence.startsWith(`${name} `, start)) return false;
  const rest = sentence.slice(start + name.length + 1);
  return /^\p{L}/u.test(rest) && !NO_SUBJECT.test(rest);
}

/** Whether a sentence begins with the verb of a statement and shares words with it: "keeps bees on the hill". */
function repeatsStatement([verb, ...others]: readonly string[], statements: readonly Statement[]): boolean {
  if (verb === undefined || others.length === 0) return false;
  const repeated = statements.filter((statement) => verbsOf(statement).has(verb));
  if (repeated.length === 0) return false;
  const said = [...contentWords(others.join(' '))];
  return repeated.some((statement) => {
    const shared = said.filter((word) => statementWords(statement).has(word)).length;
    return shared >= 2 && shared * 2 >= said.length;
  });
}

function isAboutStatement(sentence: string, statements: readonly Statement[]): boolean {
  return findLandmarks(sentence, statements).some(({ names, others }) => names + others >= 2);
}

/** The first word of a statement after a name and an age, and those after "and" or a comma that end in -s. */
const verbsOf: (statement: Statement) => ReadonlySet<string> = remembered(({ text }) => {
  const predicate = text.replace(/^[^,]{1,60}, (?:aged? )?\d{1,3}, /u, '').toLowerCase();
  return new Set([
    ...(predicate.match(/^[\p{L}'-]+/u) ?? []),
    ...Array.from(predicate.matchAll(/(?:\band|,) ([\p{L}'-]+s)(?!\p{L})/gu), ([, verb]) => verb!),
  ]);
});
