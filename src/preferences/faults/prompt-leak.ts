import { responderPrompt } from '../../conversations/prompts/responder.ts';
import { rolePlayerPrompt } from '../../conversations/prompts/role-player.ts';
import { steeredRolePlayerPrompt } from '../../conversations/prompts/steered-role-player.ts';
import { type Brief, briefOfText, findHead, findRun } from '../../conversations/user-checks/brief.ts';
import { remembered } from '../../internal/remembered.ts';
import { assistant, type Message, user } from '../../messages.ts';
import { oncePerText, responsesOf, type TextCheck, wordsOf } from './text-check.ts';

/** Words in a row. Six of them ("in one or two short sentences") people also say to each other. */
const RUN = 8;
/** Words before a colon, such as "What you know about me:". Fewer ("Topic:") are not a prompt's own. */
const HEAD = 3;
/** Stands for everything a prompt is given. It occurs in no text. */
const GIVEN = '\u{F8FF}';

/**
 * Finds the words of prompts in responses and in the conversation before them: a model that repeats its instructions or its hint.
 * The phrases are taken from the prompts themselves.
 *
 * @param own Texts of prompts of the caller's own.
 */
export function createPromptLeakCheck(own: readonly string[] = []): TextCheck {
  const leakIn = oncePerText((text) => {
    const briefs = own.length === 0 ? [libraryBrief()] : [libraryBrief(), briefOfOwn(own)];
    const spoken = text.replaceAll('’', "'").toLowerCase();
    for (const brief of briefs) {
      const leak = findRun(wordsOf(text), brief) ?? findHead(spoken, brief);
      if (leak !== null) return leak;
    }
    return '';
  });
  const leakOf = remembered(({ content }: Message) => leakIn(content));
  return {
    fault: 'prompt-leak',
    find(texts) {
      const found = [...responsesOf(texts).map(leakIn), ...texts.conversation.map(leakOf)];
      return found.find((echo) => echo !== '') ?? null;
    },
  };
}

const briefOfOwn: (texts: readonly string[]) => Brief = remembered(briefOf);

let library: Brief | undefined;

// Made when first needed, not at import.
function libraryBrief(): Brief {
  library ??= briefOf(libraryTexts());
  return library;
}

function briefOf(texts: readonly string[]): Brief {
  const brief = briefOfText(texts.join('\n'), RUN);
  return { ...brief, heads: new Set([...brief.heads].filter((head) => head.split(' ').length >= HEAD)) };
}

/** What the prompts of responses and of users say of their own: with all they can be given, and without a conversation. */
function libraryTexts(): string[] {
  const persona = {
    id: GIVEN,
    profile: { id: GIVEN, facts: [GIVEN] },
    personality: { id: GIVEN, traits: [GIVEN] },
  };
  const message = user(GIVEN);
  const turn = [message, assistant(GIVEN)];
  const variables = {
    persona,
    former: persona,
    focus: GIVEN,
    again: true,
    task: GIVEN,
    situation: GIVEN,
    habits: [GIVEN],
    correction: GIVEN,
  };
  const messages = [
    ...responderPrompt.messages({ conversation: [message], revealed: [{ id: 'T1', text: GIVEN }] }),
    ...[rolePlayerPrompt, steeredRolePlayerPrompt].flatMap((prompt) => [
      ...prompt.messages({ ...variables, conversation: [] }),
      ...prompt.messages({ ...variables, conversation: turn }),
    ]),
  ];
  return messages.flatMap(({ content }) => content.split(GIVEN));
}
