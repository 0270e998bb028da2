import { findPhrase } from '../../conversations/user-checks/phrases/find-phrase.ts';
import { plainSpeech } from '../../conversations/user-checks/phrases/plain-speech.ts';
import { oncePerText, responsesOf, type TextCheck } from './text-check.ts';

/** Words of a user who talks about machines, so that a machine may answer as one. In the languages of the phrases. */
const ABOUT_MACHINES =
  /(?<![\p{L}\p{N}])(?:ai|a\.i\.|ki|ia|i\.a\.|chat ?bots?|bots?|robots?|roboters?|machines?|maschinen?|máquinas?|computers?|ordenador|ordinateur|language models?|sprachmodelle?|modelos? de lenguaje|modèles? de langage|chatgpt|gpt|llms?|assistants?|assistent(?:en|in)?|asistentes?|humans?|mensch(?:lich)?|humano|humain)(?![\p{L}\p{N}])|人工智能|机器|模型|助手|真人/u;

/** A user who asks about the other side, in the languages of the phrases: an honest answer may say what it is. */
const YOU =
  /(?<![\p{L}\p{N}])(?:you|your|yours|yourself|u|du|dich|dir|dein\p{L}*|ihr|ihnen|ihre?\p{L}*|tú|tu|tus|te|ti|usted|ustedes|su|sus|vous|votre|vos|toi|ton|ta|tes)(?![\p{L}\p{N}])|[你您]/u;

/** Finds responses that refuse. A refusal on one side makes a pair about refusing. */
export const refusalCheck: TextCheck = {
  fault: 'refusal',
  find: (texts) => responsesOf(texts).map(refusalIn).find(Boolean) ?? null,
};

/**
 * Finds preferred responses that speak as a language model ("As an AI, ..."), unless the user has asked about the other side or
 * brought up machines. On the rejected side, such a voice is what a model should unlearn.
 */
export const assistantVoiceCheck: TextCheck = {
  fault: 'assistant-voice',
  find({ conversation, preferred }) {
    const phrase = modelVoiceIn(preferred);
    if (phrase === '') return null;
    const users = conversation
      .filter(({ role }) => role === 'user')
      .map(({ content }) => content.toLowerCase());
    const last = users.at(-1) ?? '';
    const asked = /[?？]/.test(last) && YOU.test(last);
    return asked || users.some((text) => ABOUT_MACHINES.test(text)) ? null : phrase;
  },
};

/** The phrase. Empty if there is none. */
const refusalIn: (text: string) => string = oncePerText(
  (text) => findPhrase('refusal', spokenIn(text)) ?? '',
);
const modelVoiceIn: (text: string) => string = oncePerText(
  (text) => findPhrase('modelVoice', spokenIn(text)) ?? '',
);
const spokenIn: (text: string) => string = oncePerText(plainSpeech);
