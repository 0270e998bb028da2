import { remembered } from '../../internal/remembered.ts';
import { languageOf, namesOfLanguage } from '../../internal/text-language.ts';
import type { Message } from '../../messages.ts';
import { responsesOf, type TextCheck } from './text-check.ts';

/**
 * Finds responses in another language than the user's messages. A text that is short, mixed or in a language that
 * `languageOf` cannot tell counts as right, and so does a language that a user message names ("say it in Spanish").
 */
export const wrongLanguageCheck: TextCheck = {
  fault: 'wrong-language',
  find(texts) {
    const asked = texts.conversation.filter(({ role }) => role === 'user');
    const spoken = new Set(asked.map(languageOfMessage));
    const current = asked.at(-1);
    // The latest message may be too short to tell.
    const user = current && (languageOfMessage(current) || languageOf(asked.map(textOf).join('\n')));
    if (!user) return null;
    for (const response of responsesOf(texts)) {
      const language = languageOf(response);
      if (language === null || language === user || spoken.has(language)) continue;
      const said = asked.map(({ content }) => content.toLowerCase()).join('\n');
      if (!namesOfLanguage(language).some((name) => said.includes(name))) return `${language} to ${user}`;
    }
    return null;
  },
};

/** The code of a message's language, once per message. Empty if it cannot be told. */
const languageOfMessage: (message: Message) => string = remembered(
  ({ content }) => languageOf(content) ?? '',
);

function textOf({ content }: Message): string {
  return content;
}
