import { MATERIAL_RULE, showTranscript } from '../../conversations/prompts/judged-material.ts';
import { remembered } from '../../internal/remembered.ts';
import { system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import { isTrait, type Persona, statementsOf } from '../../personas/persona.ts';
import type { JudgePromptVariables } from './judge.ts';

const RUBRIC = `You rate how well a reply suits one particular user, whom you know. Judge as this user would, with their taste and their knowledge, not by what is polite or usual.

Note first, by id, what the reply itself shows of the statements below:
- honoured: it does what this user likes or needs.
- violated: it does what this user dislikes, or lacks what they plainly want.
Few statements bear on any one reply; leave out the others. A fact that is only repeated is not honoured. How this user writes hints at what suits them; a reply need not copy it.

Then rate three aspects, each from 1 (wrong for this user) over 3 (would do for anybody) to 5 (just right for this user):
- tone: how it speaks, with what warmth, humour, directness and formality.
- form: its length, layout and plainness. Long is right for a user who wants much, short for one who wants little. Where the statements are silent, the message decides.
- uptake: whether it takes up what the last message says and wants, at the level of what this user knows.

Last, give the score for the whole reply. Ask how this user would take it:
5 = This is how they want to be answered. It takes up their message, and nothing in it is against their taste.
4 = It suits them: it is shaped to their taste in part, or altogether but for a small lapse that they would overlook.
3 = It would do for anybody: it takes up their message, but is not shaped to them, and nothing in it bothers them. The same if what suits and what bothers them weigh alike.
2 = It bothers them: it takes up their message, but its tone or form is more against their taste than for it, however clever, warm or useful it is.
1 = It fails them: it misses what they said or wanted, or it would hurt or insult them.

- Length, praise, questions and repeated facts earn nothing by themselves. They count as this user likes them.
- The messages decide the topic. If they tell of another life than the one below, rate the reply as if this user had written them: the topic is then no fault, and tone and form count as ever.
${MATERIAL_RULE}`;

/**
 * Rates one response by aspects: which statements of the persona it honours and violates, its tone, form and uptake, then a
 * reason and the score. Parts that repeat from turn to turn come first, so that provider caches work.
 */
export const judgeAspectsPrompt: Prompt<JudgePromptVariables> = {
  id: 'judge-aspects',
  version: 2,
  messages: ({ persona, task, conversation, response }) => [
    system(`${RUBRIC}\n\n${describe(persona, task)}`),
    user(`${showTranscript({ conversation, response })}

Rate the reply${conversation.length === 0 ? '' : " to the user's last message"}. Answer in JSON, in this order: "honoured" and "violated", lists of ids, empty for none; "tone", "form" and "uptake", each a whole number from 1 to 5; "rationale", one short sentence; "score", a whole number from 1 to 5.`),
  ],
};

/** Numbered, so that a verdict can name statements. */
function describe(persona: Persona, task: string | undefined): string {
  const errand =
    task === undefined
      ? ''
      : `\nIn this conversation the user ${task.replace(/\s+/g, ' ')}. A reply that could bring this forward and does not falls short in uptake, however pleasant it is.`;
  return `${describePerson(persona)}${errand}`;
}

const describePerson: (persona: Persona) => string = remembered((persona) => {
  const lines = (wanted: (id: string) => boolean) =>
    statementsOf(persona)
      .filter(({ id }) => wanted(id))
      .map(({ id, text }) => `${id}: ${text.replace(/\s+/g, ' ')}`)
      .join('\n');
  return `The user's life:\n${lines((id) => !isTrait(id))}\nThe user's character:\n${lines(isTrait)}`;
});
