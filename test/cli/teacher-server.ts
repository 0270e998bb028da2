import { createHash } from 'node:crypto';
import {
  type ChatBody,
  type ChatServer,
  completion,
  send,
  sendStream,
  startChatServer,
} from '../models/chat-server.ts';

interface WithSchema {
  readonly json_schema: {
    readonly name: string;
    readonly schema: {
      readonly properties: Readonly<
        Record<string, { readonly minItems?: number; readonly items?: { readonly enum?: readonly string[] } }>
      >;
    };
  };
}

/** A server that plays every role of the method in the shapes that are asked for; a reply depends on the request alone. */
export function startTeacherServer(): Promise<ChatServer> {
  return startChatServer((body, response) => {
    if (body.stream === true) sendStream(response, teach(body));
    else send(response, completion(teach(body)));
  });
}

/** The reply of {@link startTeacherServer} to one request. */
export function teach(body: Omit<ChatBody, 'model'> & Pick<ChatBody, 'messages'>): string {
  const pick = picker(JSON.stringify([body.messages, body.seed]));
  const format = body.response_format as WithSchema | undefined;
  if (format === undefined) return speak(body, pick);
  const { name, schema } = format.json_schema;
  if (name === 'verdict') {
    const score = () => pick([1, 2, 3, 4, 5]);
    const findings =
      'tone' in schema.properties
        ? { honoured: ['T1'], violated: [], tone: score(), form: score(), uptake: score() }
        : {};
    return JSON.stringify({ ...findings, rationale: 'Read it twice.', score: score() });
  }
  if (name === 'answer')
    return JSON.stringify({ reason: 'Read it.', answer: pick(['yes', 'no', 'unclear']) });
  if (name === 'habits') {
    const numbers = Object.keys(schema.properties);
    return JSON.stringify(Object.fromEntries(numbers.map((number) => [number, pick(['yes', 'no'])])));
  }
  if (name === 'choice')
    return JSON.stringify({ rationale: 'Read both.', better: pick(['A', 'B']), by: pick([1, 2, 3]) });
  if (name === 'ratings') {
    const { rationale: _reason, ...letters } = schema.properties;
    const ratings = Object.keys(letters).map((letter) => [letter, pick([2, 4, 6, 8])]);
    return JSON.stringify({ rationale: 'Read all.', ...Object.fromEntries(ratings) });
  }
  if (name === 'preferences') return JSON.stringify({ preferences: ['Likes it short'] });
  const list = schema.properties[name] ?? schema.properties.revealed;
  if (name === 'profiles' || name === 'personalities') {
    const invent = name === 'profiles' ? inventProfile : inventPersonality;
    return JSON.stringify({ [name]: Array.from({ length: list?.minItems ?? 1 }, () => invent(pick)) });
  }
  return JSON.stringify({ revealed: [pick(list?.items?.enum ?? [])] });
}

/** One of a list, another one at each call, always the same for the same text. */
type Picker = <Value>(values: readonly Value[]) => Value;

function picker(text: string): Picker {
  let calls = 0;
  return (values) => {
    const digest = createHash('sha256').update(`${calls++}:${text}`).digest();
    return values[digest.readUInt32BE() % values.length]!;
  };
}

const JOBS = [
  'keeps bees',
  'drives a tram',
  'teaches physics',
  'fishes for cod',
  'repairs violins',
  'runs a laundry',
];
const PLACES = ['Oaxaca', 'Tromsø', 'Nairobi', 'Hanoi', 'Porto', 'Winnipeg', 'Tbilisi', 'Osaka'];
const PASTIMES = [
  'sings in a choir',
  'restores old radios',
  'boxes',
  'grows orchids',
  'plays go',
  'hikes alone',
];
const TEMPERS = [
  'dry jokes',
  'long silences',
  'bursts of joy',
  'careful lists',
  'blunt remarks',
  'gentle teasing',
];
const ANIMALS = ['a parrot', 'two goats', 'an old cat', 'no pets at all', 'a greyhound', 'a tank of eels'];

function inventProfile(pick: Picker): string[] {
  const age = pick([18, 23, 31, 38, 44, 52, 59, 67, 75, 83]);
  return [
    `Is ${age} years old.`,
    `Lives in ${pick(PLACES)}.`,
    `For a living ${pick(JOBS)}.`,
    `On Sundays ${pick(PASTIMES)}.`,
    `At home has ${pick(ANIMALS)}.`,
    `Grew up in ${pick(PLACES)} with ${pick([0, 1, 2, 3, 5])} siblings.`,
    `Saves money for a trip to ${pick(PLACES)}.`,
  ];
}

function inventPersonality(pick: Picker): string[] {
  return [
    `Known for ${pick(TEMPERS)}.`,
    `Under stress turns to ${pick(TEMPERS)}.`,
    `Writes ${pick(['in capitals', 'without commas', 'whole paragraphs', 'two words at a time'])}.`,
    `Likes replies that are ${pick(['short', 'warm', 'exact', 'odd', 'full of questions'])}.`,
    `Is annoyed by ${pick(['advice', 'praise', 'small talk', 'haste', 'emoji'])}.`,
    `Laughs at ${pick(['puns', 'bad luck', 'nothing', 'herself or himself', 'old films'])}.`,
  ];
}

/** A user's message where one is asked for, else an answer. */
function speak(body: Pick<ChatBody, 'messages'>, pick: Picker): string {
  const facts = /^Your life\n((?:- .*\n)+)/m.exec(body.messages[0]?.content ?? '')?.[1];
  const focus = facts === undefined ? undefined : pick(facts.match(/(?<=^- ).*?(?=\.?$)/gm)!);
  const thing = pick([
    'the rain',
    'my knee',
    'that letter',
    'the neighbours',
    'Tuesday',
    'the soup',
    'the old boat',
  ]);
  const feeling = pick(['tired', 'proud', 'a bit lost', 'cheerful', 'restless', 'hungry', 'lucky']);
  const number = pick(Array.from({ length: 900 }, (_, index) => index + 100));
  return focus === undefined
    ? `Sounds like a ${feeling} kind of day. Tell me more about ${thing}, and about number ${number}.`
    : `${focus}, and ${thing} left me ${feeling} today; bus ${number} was late again.`;
}
