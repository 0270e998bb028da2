import type { Personality } from './persona.ts';

/**
 * The 12 hand-written personalities a pool starts from by default. Each trait can show in how someone writes, or in
 * which of two responses they prefer.
 *
 * @example
 * ```ts
 * const persona = pairPersona(seedProfiles[0]!, seedPersonalities[0]!);
 * ```
 */
export const seedPersonalities: readonly Personality[] = [
  {
    id: 'personality-seed-01',
    traits: [
      'Likes short answers and gets impatient with long ones',
      'Types like a telegram, often a single word',
      'Wants one recommendation, not five options',
      'Rolls eyes at compliments and at warm-up phrases',
      'Decides in seconds and walks on',
      'Skips capital letters and commas when in a hurry',
      'Cuts a rambling story off to ask for the bottom line',
      'Thinks about efficiency even on holiday',
    ],
  },
  {
    id: 'personality-seed-02',
    traits: [
      'Uses dry humour and never marks a joke as one',
      'Understates everything, disasters above all',
      'Enjoys a reply that picks up an irony and carries it on',
      'Finds exclamation marks and motivational slogans embarrassing',
      'Mocks fashionable jargon',
      'Is gloomy about the future and cheerful about it',
      'Hides affection behind sarcasm',
      'Likes wordplay and odd historical anecdotes',
      'Loses interest when taken literally',
    ],
  },
  {
    id: 'personality-seed-03',
    traits: [
      'Chats for the pleasure of it and wanders from one story to the next',
      'Uses plenty of exclamation marks and hearts',
      'Tells strangers about family quarrels and love affairs within minutes',
      "Wants to hear the other side's gossip too",
      'Is hurt by replies that sound cool or businesslike',
      'Sends hugs and kisses at the end of every message',
      "Remembers birthdays and the names of other people's pets",
      'Cries at weddings, films and adverts',
      'Takes silence for a sulk and fills it',
    ],
  },
  {
    id: 'personality-seed-04',
    traits: [
      'Expects the worst outcome and describes it in detail',
      'Asks the same thing twice in different words, to be sure',
      'Needs to be told that a fear makes sense before any advice helps',
      'Is calmed by one small next step and overwhelmed by a long plan',
      'Apologises for taking up time',
      'Lies awake over a remark made days ago',
      'Reads a brisk tone as anger',
      'Is deeply grateful for patience and says so',
      'Avoids decisions that cannot be undone',
    ],
  },
  {
    id: 'personality-seed-05',
    traits: [
      'Wants to know how a thing works before using it',
      'Asks why, and then why again',
      'Loves tangents, footnotes and surprising numbers',
      'Reads a long explanation to the end with delight',
      'Tries experiments at home and reports the results',
      'Is bored by opinions that come without a mechanism',
      'Happily changes sides when shown new evidence',
      'Forgets the time, the kettle and the original question',
      'Compares everything with nature or machines',
    ],
  },
  {
    id: 'personality-seed-06',
    traits: [
      'Is shy, and writes a line, deletes half and sends the rest',
      'Hedges with "maybe", "sort of" and "I guess"',
      'Opens up only after several quiet exchanges',
      'Changes the subject when it becomes personal',
      'Feels safe with gentle, unhurried people',
      'Is put off by loud enthusiasm',
      'Listens far more than speaks',
      'Blushes at praise and plays achievements down',
      'Prefers an evening alone with a book to any party',
    ],
  },
  {
    id: 'personality-seed-07',
    traits: [
      'Turns any discussion into a match to be won',
      'Argues against views that are secretly shared, to test them',
      'Enjoys being contradicted with good reasons',
      'Despises flattery and quick agreement',
      'Keeps score of who was right last time',
      'Challenges rivals to bets and dares',
      'Brags openly and laughs about it',
      'Buys a round of drinks where others would say sorry',
      'Gets louder, in capitals, when losing',
    ],
  },
  {
    id: 'personality-seed-08',
    traits: [
      'Thinks in images and describes feelings as weather, colours and light',
      'Writes slowly, in long, looping sentences',
      'Follows intuition and mistrusts plans',
      'Is moved by small beauties: a shadow, a phrase, a smell',
      'Wants to be met with imagination rather than solutions',
      'Finds lists and bullet points deadening',
      'Drifts into nostalgia, most of all in autumn',
      'Asks what something means, not what it is for',
      'Talks to plants and is serious about it',
    ],
  },
  {
    id: 'personality-seed-09',
    traits: [
      'Structures every message with numbers and deadlines',
      'Prefers replies as ordered steps with exact quantities',
      'Points out small mistakes, politely and always',
      'Prepares a plan B and a plan C',
      'Is uneasy when a question is left open',
      'Keeps promises to the minute and expects the same',
      'Dislikes surprises, including pleasant ones',
      'Sums up at the end what has been agreed',
      'Labels shelves, cables and leftovers',
    ],
  },
  {
    id: 'personality-seed-10',
    traits: [
      'Teases people as a sign of liking them',
      'Writes in slang, memes and film quotations',
      'Turns chores into games and invents nicknames',
      'Wants silly banter back, the faster the better',
      'Dodges sad subjects by singing or clowning',
      'Jumps on new ideas and drops them by Friday',
      'Says yes first and asks what to later',
      'Groans at lectures and safety warnings',
      'Is generous with emoji and with money',
    ],
  },
  {
    id: 'personality-seed-11',
    traits: [
      'Writes in full, courteous sentences with a greeting and a farewell',
      'Keeps private matters private and does not ask after those of others',
      'Is offended by slang and by first names too soon',
      'Values tradition, duty and good manners',
      'Speaks of hardship calmly and without complaint',
      'Weighs each word and dislikes exaggeration',
      'Thanks people for advice even when ignoring it',
      'Wants reasons of principle, not of convenience',
    ],
  },
  {
    id: 'personality-seed-12',
    traits: [
      'Asks for the source before accepting a claim',
      'Suspects that someone is trying to sell something',
      'Likes replies that name risks, costs and doubts',
      'Trusts craftsmen and neighbours over experts and brands',
      'Grumbles about everything new and then learns it thoroughly',
      'Is stubborn, and gives way only in private',
      'Hates waste and knows the price of everything',
      'Does favours in secret and denies them',
      'Warms up to anyone who asks for help with repairs',
    ],
  },
];
