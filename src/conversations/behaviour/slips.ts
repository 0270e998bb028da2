import { isEnglish } from '../user-checks/landmarks.ts';
import type { HabitName } from './habits.ts';

/** The habit that {@link showsSlip} measures. */
export const SLIPS_HABIT: HabitName = 'typos';

/** Contractions without their apostrophe. Left out: those that are words of their own, such as "its", "lets" and "ill". */
const WITHOUT_APOSTROPHE =
  'arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt im ive shouldnt thats theres theyre theyve wasnt werent weve whats wheres wouldnt youd youll youre youve';
/** Short words with swapped letters. */
const SWAPPED = 'adn fro hte jsut nto teh thsi taht wiht waht yuo';
/** Common words, long enough that a slip in them seldom makes another word. */
const COMMON =
  'about actually after again almost already always another anything around because before being better between bring coming course different doing during either enough every everyone everything exactly finally first getting going great happened having house idea instead interesting little looking making maybe minutes money morning might moment never nothing people perhaps please possible probably problem quite really remember right should since somebody someone something sometimes still talking thanks their there these thing things think thinking those though thought through today together tomorrow tonight trying until usually wanted weather weekend where which while without wonder working would write wrong years yesterday';
/** Words and names that a slip in a common word happens to make. */
const REAL =
  'abut bing brig cold curse dong fist gong greta hose ida moray noting rally sine taking tanks thins ting toady trough tying waned wong yeas hose heir hows thee thin think though thought three throw tough tie quiet sill tings tried wand were wile withe wring writhe wold';

/** Common words of German, Spanish and French. Where some stand, "im", "ging" and "dont" are words of theirs. */
const FOREIGN =
  /(?<!\p{L})(?:und|ich|du|ist|nicht|ein|eine|der|das|den|dem|mit|auf|aus|noch|wie|bei|von|zu|je|le|les|la|et|est|pas|une|des|du|ce|qui|que|el|los|es|por|con|se)(?!\p{L})/iu;

let slips: ReadonlySet<string> | undefined;

/**
 * Whether a message holds a slip of the keyboard: a contraction without its apostrophe, or a common English word with two
 * letters swapped, one inner letter left out or one doubled. It sees only slips of these kinds, and English alone: a message
 * in another language has none.
 */
export function showsSlip(message: string): boolean {
  slips ??= listSlips();
  const known = slips;
  const found = (message.toLowerCase().match(/[\p{L}'’]+/gu) ?? []).some((word) => known.has(word));
  return found && (isEnglish(message) || !FOREIGN.test(message));
}

function listSlips(): ReadonlySet<string> {
  const words = COMMON.split(' ');
  const made = words.flatMap((word) =>
    Array.from(word, (letter, at) => [
      // Swapped with the next letter, left out, doubled.
      `${word.slice(0, at)}${word[at + 1] ?? ''}${letter}${word.slice(at + 2)}`,
      at === 0 || at === word.length - 1 ? word : word.slice(0, at) + word.slice(at + 1),
      word.slice(0, at) + letter + word.slice(at),
    ]).flat(),
  );
  const listed = new Set([...made, ...WITHOUT_APOSTROPHE.split(' '), ...SWAPPED.split(' ')]);
  for (const word of [...words, ...REAL.split(' ')]) listed.delete(word);
  return listed;
}
