import { remembered } from '../../internal/remembered.ts';
import { languageOf, namesOfLanguage } from '../../internal/text-language.ts';
import type { Message } from '../../messages.ts';
import { oncePerText, responsesOf, type TextCheck } from './text-check.ts';

/**
 * Finds responses in another language than the user's messages. A text that is short, mixed or in a language that
 * `languageOf` cannot tell counts as right, and so does a language that a user message names ("say it in Spanish").
 */
export const wrongLanguageCheck: TextCheck = {
  fault: 'wrong-language',
  find(texts) {
    const user = languageOfUser(texts.conversation);
    if (user === '') return null;
    const asked = texts.conversation.filter(isAsked);
    const spoken = new Set(asked.map(languageOfMessage));
    for (const response of responsesOf(texts)) {
      const language = languageOfText(response);
      if (language === '' || language === user || spoken.has(language)) continue;
      const said = asked.map(({ content }) => content.toLowerCase()).join('\n');
      if (!namesOfLanguage(language).some((name) => said.includes(name))) return `${language} to ${user}`;
    }
    return null;
  },
};

/** The code of a text's language. Empty if it cannot be told. */
const languageOfText: (text: string) => string = oncePerText((text) => languageOf(text) ?? '');
const languageOfMessage: (message: Message) => string = remembered(({ content }) => languageOfText(content));

/** The language of the latest user message, or of all together if that one is too short to tell. */
const languageOfUser: (conversation: readonly Message[]) => string = remembered((conversation) => {
  const asked = conversation.filter(isAsked);
  const current = asked.at(-1);
  if (current === undefined) return '';
  return languageOfMessage(current) || (languageOf(asked.map(textOf).join('\n')) ?? '');
});

function isAsked({ role }: Message): boolean {
  return role === 'user';
}

function textOf({ content }: Message): string {
  return content;
}
