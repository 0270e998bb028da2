import type { UserCheck } from './user-check.ts';

const LIST_LINE = /^\s*(?:[-*•]|\d{1,2}[.)])\s+\S/;
/** Lines. Fewer are not a list. */
const SHORTEST_LIST = 3;
const LIST_HABIT =
  /\b(?:lists?|number(?:s|ed)\b.*\b(?:questions?|steps|points|arguments)|numbered|bullets?|columns?|headings?|timelines?|tables?|steps|brainstorm\p{L}*|listen?|stichpunkt\p{L}*|nummerier\p{L}*|listas?|viñetas?|numera\p{L}*|listes?|puces|numérot\p{L}*)\b|列表|清单|编号|列点|步骤/iu;
const DISLIKE =
  /^(?:finds|dislikes|hates|feels crushed|gets bored|cannot stand|skips|avoids|distrusts)\b|\bskips\b/i;

/** Finds lists, which people in a chat rarely write. A list of questions, and one by a persona with that habit, is none. */
export const listCheck: UserCheck = {
  problem: 'assistant-voice',
  tolerable: false,
  find({ spoken }, { persona }) {
    const lines = spoken.split('\n').filter((line) => LIST_LINE.test(line));
    if (lines.length < SHORTEST_LIST || lines.filter((line) => /[?？]/.test(line)).length * 2 >= lines.length)
      return null;
    const { traits } = persona.personality;
    const habit = traits.some((trait) => LIST_HABIT.test(trait) && !DISLIKE.test(trait));
    return habit ? null : 'it sounded like an assistant, with a list; write as people chat';
  },
};
