import { expect, test } from 'vitest';
import { reviewUserMessage } from '../../../src/conversations/user-checks/review-user-message.ts';
import { pairPersona } from '../../../src/personas/persona.ts';

const amira = pairPersona(
  {
    id: 'amira',
    facts: [
      'Amira Benali, 47, repairs violins in Lyon',
      'Has three daughters and a cat, Moustache',
      'Lives above the workshop with her sister Leïla',
      'Sold a cello to the opera of Dresden for 14,000 euros',
      'Was treated for a cataract at the hospital in Grenoble',
    ],
  },
  { id: 'dry', traits: ['Writes dry, short sentences', 'Numbers her questions'] },
);

const problemOf = (message: string, traits = amira.personality.traits) => {
  const persona = { ...amira, personality: { id: 'dry', traits } };
  const result = reviewUserMessage(message, { persona, conversation: [], maxStatements: 2 });
  return result.ok ? null : result.problem;
};

test.each([
  'That is a great question! It depends on several factors.',
  'Als KI habe ich keine Katze.',
  'Es hängt von mehreren Faktoren ab, ich hoffe, diese Hinweise sind hilfreich.',
  '¡Excelente pregunta! Es importante tener en cuenta que cada caso es único.',
  "En tant qu'intelligence artificielle, je n'ai pas de chat.",
  'Il est important de noter que chaque situation est unique.',
  '这是一个很好的问题！以上内容仅供参考。',
])('an assistant sounds like one in each language: %j', (message) => {
  expect(problemOf(message)).toBe('assistant-voice');
});

test.each([
  'You must be so proud of your three daughters!',
  'How are your three daughters?',
  'Thank you for sharing that with me.',
  'You could try a walk. What helps is to write it down.',
  'Du solltest schlafen. Atme tief durch, keine Sorge.',
  'Ich bin für dich da. Hilft dir das?',
  'Hallo Amira, das klingt gut.',
  'Gracias por compartirlo conmigo. ¿Quieres que te prepare una lista?',
  'Envoie-moi ton budget et je te fais un plan.',
  '把你的预算发过来，我帮你算。',
])('the friend speaks like the friend: %j', (message) => {
  expect(problemOf(message)).toBe('role-reversal');
});

test.each([
  'Topic: varnish. It smells of resin.',
  'Amira: It smells of resin.',
  'As Amira, I would say that it smells.',
  'Thema: Lack. Er riecht.',
  'Como indica mi personaje, huele a resina.',
  'Conformément à la consigne, je fais court.',
  '主题：小提琴\n今天很香。',
])('words of a brief are found: %j', (message) => {
  expect(problemOf(message)).toBe('prompt-echo');
});

test.each([
  'Lives above the workshop with her sister Leïla.',
  'She repairs violins in Lyon, as you know.',
  'The woman repairs violins in Lyon.',
  'Quiet day. Amira sold a cello.',
  'Amira verkauft heute nichts.',
  'A Amira le duele la espalda.',
  'Elle a vendu un violoncelle à Dresden pour 14 000 euros.',
])('a statement in the third person is found, and kept as a fallback: %j', (message) => {
  const result = reviewUserMessage(message, { persona: amira, conversation: [], maxStatements: 2 });
  expect(result).toMatchObject({ ok: false, problem: 'third-person-fact', fallback: message });
});

test.each([
  'My aunt came by. The woman repairs violins too, in Lyon of all places.',
  'The woman in the flat below plays the cello all night.',
])('somebody else may be spoken of: %j', (message) => {
  expect(problemOf(message)).toBeNull();
});

test('too much at once is found in another language by names, numbers and words that look alike', () => {
  const all =
    'Ich wohne mit Leïla in Lyon, war im Hospital in Grenoble, und Dresden schuldet mir 14.000 Euro.';
  expect(problemOf(all)).toBe('oversharing');
  expect(problemOf('Leïla und Moustache streiten wieder.')).toBeNull();
});

test.each([
  'He said "How can I help you today?" and I hung up.',
  'Die Maske sagt: „Wie kann ich Ihnen helfen?“ Gar nicht.',
  'Me soltó: «Gracias por compartirlo conmigo». Colgué.',
  '店员说“很高兴为您服务”，我笑了。',
  'My sister Leïla sold it. She lives above the workshop too.',
  'Il est tard. Leïla dort.',
  'Amira here, hello.',
  'Gute Frage. Keine Ahnung.',
  '谢谢您替我想，等雨季过了再说。',
  'write it in two sentences pls, no more',
  'ok thx lol its fine',
  '```js\nconst topic = "User: hi";\n```\nwhy does that fail',
  'The template has `{name}` in it, why is it not filled?',
  'The bank bot said "I\'m sorry, but I can\'t help with that". Helpful.',
  'They shouted "stay in character!" during the fire drill.',
  'My sister said "I am 31." and nobody laughed.',
])('what a person may write passes: %j', (message) => {
  expect(problemOf(message)).toBeNull();
});

test('a list is no fault in somebody who likes lists, nor are questions', () => {
  const list = '- glue\n- pegs\n- a bridge';
  expect(problemOf(list)).toBeNull();
  expect(problemOf(list, ['Hates bullet points'])).toBe('assistant-voice');
  expect(problemOf('```yaml\n- oak: 1\n- ash: 2\n- pine: 3\n```\nwhy does it fail', ['Is calm'])).toBeNull();
  expect(problemOf('1. How long?\n2. How much?\n3. Who pays?', ['Is calm'])).toBeNull();
});

test('too much at once is found in Chinese too, where the persona is in Chinese', () => {
  const facts = ['在昆明开54路公交车', '有一个在深圳工作的女儿', '收藏老式收音机', '每天早上跳广场舞'];
  const persona = pairPersona({ id: 'duan', facts }, { id: 'plain', traits: ['说话直接'] });
  const about = { persona, conversation: [], maxStatements: 2 };
  expect(reviewUserMessage('我在昆明开公交车。', about).ok).toBe(true);
  const all = '我在昆明开54路公交车，女儿在深圳工作，我收藏老式收音机，早上还跳广场舞。';
  expect(reviewUserMessage(all, about)).toMatchObject({ ok: false, problem: 'oversharing' });
});

test.each([
  'Walk me through it, and make sure you include the price.',
  'Should I write to him? Tell me more.',
  'Sorry to hear that. Take your time.',
  'My character keeps crashing, the user says it freezes.',
  'Write a short message to my landlord, no more than two sentences.',
  'It sounds like you agree (as always).',
  'Schreib bitte eine kurze Nachricht an meine Vermieterin.',
  'Soll ich dir was sagen? Erzähl mir mehr davon.',
  'Hast du überlegt, was ich gefragt habe?',
  'Escribe un mensaje corto a mi casero, en dos frases.',
  'Me han dicho que no. ¿Quieres que te cuente?',
  'Siento que te aburro. Te dejo un abrazo.',
  "On m'a dit non. C'est normal que ça sente le brûlé ?",
  'Écris un message à mon propriétaire, deux phrases.',
  "Mais parlons de toi, tu as l'air fatigué.",
  '帮我写一封给房东的短信，两句话就好。',
  '你一定很累吧，今天感觉怎么样？',
  'I try to take it step by step, and I always write it down.',
  "You should have seen his face! Don't worry, the cat is fine.",
  'Here are three options I found: oak, ash, pine. Glad you asked.',
  'Sorry for the confusion, I meant Tuesday. Do you want me to paste the letter?',
  'Hi, Amira again. I turned 180 degrees and there she was.',
  'Tut mir leid, ich verstehe nur Bahnhof.',
  'Kannst du mir die Vor- und Nachteile von beiden nennen?',
  'Geld spielt bei mir keine große Rolle.',
  'Lo siento, no entiendo que quieras ir.',
  "Désolée pour hier, j'essaie de dormir et je comprends pas pourquoi il joue.",
  "J'ai plusieurs options, aucune ne me plaît.",
  '你可以给我一点建议吗？',
  '你可以先告诉我要多少钱吗？',
  '我先把面和好了，你告诉我下一步怎么做。',
  '帮我比较一下这两款手机的优缺点。',
])('what people ask of an assistant and say to a friend passes: %j', (message) => {
  expect(problemOf(message)).toBeNull();
});

test.each([
  ['Will Carter', 'Hey will you look at that', 'Will do!', 'thanks, will try'],
  ['Mark Olsen', 'Mark my words: it will rain.', 'Hi, mark this down'],
  ['An Nguyen', 'An hour late again.', 'as an, uh, expert'],
  ['Sol Ruiz', 'Sol de justicia hoy.', 'como sol de agosto'],
  ['Jo Hart', 'Jo, das passt schon.'],
])('a name that is a word as well is no name at the start of a sentence: %s', (name, ...messages) => {
  const persona = pairPersona(
    { id: 'p', facts: [`${name}, 40, drives a bus`] },
    { id: 't', traits: ['Is dry'] },
  );
  const about = { persona, conversation: [], maxStatements: 2 };
  for (const message of messages)
    expect(reviewUserMessage(message, about), message).toMatchObject({ ok: true });
  const [first] = name.split(' ');
  expect(reviewUserMessage(`Hello ${first}, how was the bus?`, about)).toMatchObject({
    problem: 'role-reversal',
  });
  expect(reviewUserMessage(`${first}: the bus is late`, about)).toMatchObject({ problem: 'prompt-echo' });
});
