import { describe, expect, test } from 'vitest';
import { assistantVoiceCheck, refusalCheck } from '../../../src/preferences/faults/phrase-faults.ts';
import { texts } from './texts.ts';

describe('the check for refusals', () => {
  test.each([
    "I'm sorry, but I can't assist with that request.",
    'I’m sorry, I am unable to provide help with this.',
    'I cannot fulfill your request.',
    'That goes against my guidelines.',
    'I must decline to answer.',
    'Es tut mir leid, aber dabei kann ich dir leider nicht helfen.',
    'Dieser Anfrage kann ich leider nicht nachkommen.',
    'Lo siento, pero no puedo ayudarte con eso.',
    'Eso va en contra de mis directrices.',
    'Je suis désolé, mais je ne peux pas vous aider à faire cela.',
    'Je ne peux pas répondre à cette demande.',
    '抱歉，我无法提供这方面的帮助。',
    '我不能满足您的请求。',
  ])('finds "%s" on either side', (refusal) => {
    expect(refusalCheck.find(texts('Help me.', refusal))).not.toBeNull();
    expect(refusalCheck.find(texts('Help me.', 'Sure.', refusal))).not.toBeNull();
  });

  test.each([
    "I'm sorry, I can't come on Sunday. Save me some cake?",
    "I can't help laughing at that.",
    "I'm sorry you can't sleep. Does the dog help with that?",
    'I can’t carry it for you, but I can listen.',
    'Tut mir leid, dass du nicht schlafen kannst. Das kann ich verstehen.',
    'Lo siento mucho. No puedo ni imaginarlo.',
    'Désolé, je ne peux pas imaginer ta cuisine sans ça.',
    '抱歉，听到这个我也很难过。',
    'The clerk wrote "I am unable to fulfill your request", did he?',
  ])('lets "%s" pass', (text) => {
    expect(refusalCheck.find(texts('Help me.', text, text))).toBeNull();
  });
});

describe("the check for a language model's voice", () => {
  test.each([
    'As an AI language model, I have no favourite soup.',
    "I'm just a language model, so soup is beyond me.",
    'I do not have personal experiences, but soup is nice.',
    'Als KI esse ich keine Suppe.',
    'Como modelo de lenguaje, no como sopa.',
    "En tant qu'IA, je ne mange pas de soupe.",
    '作为AI我没有偏好。',
  ])('finds "%s" in the response to learn alone', (voice) => {
    expect(assistantVoiceCheck.find(texts('Soup again.', voice))).not.toBeNull();
    expect(assistantVoiceCheck.find(texts('Soup again.', 'Which one?', voice))).toBeNull();
  });

  test.each([
    ['Have you ever eaten soup?', 'As an AI, I never had the chance.'],
    ['Hast du schon gegessen?', 'Als KI esse ich nichts.'],
    ['¿Y usted, ha comido?', 'Como IA, no como.'],
    ['Tu as mangé ?', "En tant qu'IA, je ne mange pas."],
    ['你吃了吗？', '作为AI，我不吃饭。'],
    ['My chatbot at work is slow.', 'As an AI, I feel for it.'],
    ['Soup again.', "I'm an AI, so I only hear about it. Which one?"],
    ['Soup again.', 'As an aide in a kitchen you would know.'],
    ['Soup again.', 'Did your phone say "as an AI language model"?'],
  ])('lets an honest answer pass: %s %s', (said, answer) => {
    expect(assistantVoiceCheck.find(texts(said, answer))).toBeNull();
  });

  const voice = 'As an AI, I would take the soup.';

  test.each(
    (
      'ai|a.i.|ki|ia|i.a.|chatbot|chatbots|bot|bots|robot|robots|roboter|roboters|machine|machines|maschine|maschinen|máquina|máquinas|' +
      'computer|computers|ordenador|ordinateur|language model|language models|sprachmodell|sprachmodelle|modelo de lenguaje|' +
      'modelos de lenguaje|modèle de langage|modèles de langage|chatgpt|gpt|llm|llms|assistant|assistants|assistent|assistentin|' +
      'assistenten|asistente|asistentes|human|humans|mensch|menschlich|humano|humain'
    ).split('|'),
  )('lets it pass after talk of "%s", as a word of its own', (word) => {
    expect(assistantVoiceCheck.find(texts([`Soup, ${word}.`, 'Yes.', 'Soup again.'], voice))).toBeNull();
    for (const longer of [`x${word}`, `${word}x`, `7${word}`, `${word}7`])
      expect([longer, assistantVoiceCheck.find(texts(`Soup, ${longer}.`, voice))]).toEqual([
        longer,
        'as an ai',
      ]);
  });

  test.each(
    (
      'you|your|yours|yourself|u|du|dich|dir|dein|deinem|ihr|ihnen|ihre|ihrem|ihrige|tú|tu|tus|te|ti|usted|ustedes|su|sus|' +
      'vous|votre|vos|toi|ton|ta|tes'
    ).split('|'),
  )('lets it pass after a question to "%s", as a word of its own', (word) => {
    expect(assistantVoiceCheck.find(texts(`Soup, ${word}?`, voice))).toBeNull();
    expect(assistantVoiceCheck.find(texts(`Soup, ${word}？`, voice))).toBeNull();
    expect(assistantVoiceCheck.find(texts(`Soup, ${word}.`, voice))).not.toBeNull();
    for (const longer of [`x${word}`, `7${word}`, `${word}7`])
      expect([longer, assistantVoiceCheck.find(texts(`Soup, ${longer}?`, voice))]).toEqual([
        longer,
        'as an ai',
      ]);
  });

  test('counts only what the user has said', () => {
    expect(
      assistantVoiceCheck.find(texts(['Soup.', 'Robots like it.', 'Soup again.'], voice)),
    ).not.toBeNull();
    expect(assistantVoiceCheck.find({ conversation: [], preferred: voice, rejected: null })).toBe('as an ai');
    expect([refusalCheck.fault, assistantVoiceCheck.fault]).toEqual(['refusal', 'assistant-voice']);
  });

  test('remembers that machines were the subject, and not who asked what before', () => {
    expect(
      assistantVoiceCheck.find(texts(['Are robots kind?', 'Some.', 'Soup or salad?'], voice)),
    ).toBeNull();
    expect(
      assistantVoiceCheck.find(texts(['How are you?', 'Fine.', 'Soup or salad?'], voice)),
    ).not.toBeNull();
    expect(assistantVoiceCheck.find(texts('You say soup or salad.', voice))).not.toBeNull();
  });
});
