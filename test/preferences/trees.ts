import type {
  ConversationTree,
  ResponseNode,
  Side,
  TurnNode,
} from '../../src/conversations/conversation-tree.ts';
import { type Personality, type Profile, pairPersona } from '../../src/personas/persona.ts';

/** One turn of a conversation that is a single path: what the user says, what is known, both replies, which went on. */
export interface PlayedTurn {
  readonly user: string;
  readonly revealed?: readonly string[];
  readonly preferred: string | Omit<ResponseNode, 'next'>;
  readonly rejected: string | Omit<ResponseNode, 'next'>;
  readonly taken?: Side;
}

export function playedTree(
  id: string,
  profile: Profile,
  personality: Personality,
  turns: readonly PlayedTurn[],
  rest: Partial<ConversationTree> = {},
): ConversationTree {
  return {
    schema: 'aloe-conversation/2',
    id,
    persona: pairPersona(profile, personality),
    root: chain(turns, 1),
    failures: [],
    provenance: {
      models: {
        rolePlayer: 'scripted:writer',
        inducer: 'scripted:reader',
        preferred: 'scripted:writer',
        rejected: 'scripted:writer',
      },
      prompts: { rolePlayer: 'role-player@1', inducer: 'inducer@1', responder: 'responder@1' },
      induction: 'previous-turns',
      seed: 7,
    },
    ...rest,
  };
}

function chain(turns: readonly PlayedTurn[], turn: number): TurnNode | null {
  const [first, ...rest] = turns;
  if (first === undefined) return null;
  const next = chain(rest, turn + 1) ?? undefined;
  const taken = first.taken ?? 'preferred';
  const node = (side: Side): ResponseNode => {
    const response = first[side];
    const base = typeof response === 'string' ? { text: response, truncated: false } : response;
    return next !== undefined && side === taken ? { ...base, next } : base;
  };
  return {
    turn,
    user: first.user,
    revealed: first.revealed ?? [],
    preferred: node('preferred'),
    rejected: node('rejected'),
  };
}

export const nurse: Profile = {
  id: 'nurse',
  facts: ['She is a night nurse on a children’s ward in Porto.', 'She grows tomatoes on her balcony.'],
};
const luthier: Profile = {
  id: 'luthier',
  facts: ['He repairs violins in a shed behind his house.', 'His daughter has just moved to Osaka.'],
};
export const student: Profile = {
  id: 'student',
  facts: ['They study soil science in Nairobi.', 'They share a flat with two cousins.'],
};
export const dry: Personality = {
  id: 'dry',
  traits: ['Has a dry sense of humour.', 'Dislikes long answers.'],
};
export const tender: Personality = {
  id: 'tender',
  traits: ['Is tender-hearted.', 'Worries about others first.'],
};

/** Five small conversations that hold every way in which a record is kept or dropped. */
export function fixtureTrees(): ConversationTree[] {
  return [nightShift(), tomatoes(), violin(), compost(), neverStarted()];
}

function nightShift(): ConversationTree {
  return playedTree('night-shift', nurse, dry, [
    {
      user: 'Third night in a row. The coffee machine died before I did.',
      preferred: 'Ouch. Moment of silence for the coffee machine. How many hours to go?',
      rejected:
        'I am sorry to hear that. Night work can be tiring. Make sure to rest and drink enough water.',
      taken: 'rejected',
    },
    {
      user: 'Four hours and eleven small patients 😴',
      revealed: ['F1', 'T1'],
      preferred: 'Eleven against one, and they nap. Who is winning?',
      rejected:
        'That sounds like a lot of responsibility! Here are some ways to stay awake:\n\n- walk\n- stretch\n- breathe',
    },
    {
      user: 'Bed 6. She is five and negotiates like a lawyer.\u2028Last offer: two stories, no medicine.',
      revealed: ['F1', 'T1', 'T2'],
      preferred: '\n\nCounter-offer: one story, told by the medicine. “Hello, I taste awful.”  ',
      rejected:
        'Negotiating with children requires patience. You could offer a small reward, for example a sticker.',
    },
    {
      user: 'She asked for it in Japanese: お薬はいや。',
      revealed: ['F1', 'T1', 'T2'],
      preferred: 'Then you say 「一口だけ」 and keep a straight face.',
      rejected: {
        text: 'In Japanese, "kusuri" means medicine. The sentence that she used can be',
        truncated: true,
      },
    },
  ]);
}

function tomatoes(): ConversationTree {
  return playedTree('tomatoes', nurse, tender, [
    {
      user: 'My tomatoes look sad, and I feel it is my fault.',
      preferred: 'Oh no. What do their leaves look like?',
      rejected: 'Tomatoes need six to eight hours of sun a day.',
    },
    {
      user: 'Yellow at the bottom. The neighbour waters them while I sleep, I do not want to scold him.',
      revealed: ['F2', 'T2'],
      preferred:
        'Then let us not blame him: yellow below is often just too much love, I mean water. A note with a heart?',
      rejected: 'Yellow leaves can be caused by overwatering. Tell your neighbour to water less.',
      taken: 'rejected',
    },
    {
      user: 'I will tell him gently. Thank you.',
      revealed: ['F2', 'T1', 'T2'],
      preferred: 'Good luck with it!',
      rejected: ' good  luck with it! ',
    },
  ]);
}

function violin(): ConversationTree {
  const failure = {
    turn: 3,
    role: 'role-player',
    code: 'malformed-reply',
    message: 'scripted:writer gave no message.',
  };
  return playedTree(
    'violin',
    luthier,
    dry,
    [
      {
        user: 'A man brought me a violin in a pillowcase today.',
        preferred: 'Asleep or dead?',
        rejected: 'What is wrong with the violin?',
      },
      {
        user: 'Resting, he said. The neck was in the other pillowcase. {"glue": true}',
        revealed: ['F1'],
        preferred:
          'So it came with its own stretcher. Hide glue, or has someone been at it with the other kind?',
        rejected: 'You will need to reattach the neck. Use a suitable glue, clamp it and let it dry.',
      },
    ],
    { failures: [failure] },
  );
}

/** Both sides of the first turn go on. */
function compost(): ConversationTree {
  const last = (turn: number, user: string, preferred: string, rejected: string): TurnNode => ({
    turn,
    user,
    revealed: ['F1', 'F2'],
    preferred: { text: preferred, truncated: false },
    rejected: { text: rejected, truncated: false },
  });
  const tree = playedTree('compost', student, tender, []);
  return {
    ...tree,
    root: {
      turn: 1,
      user: 'My cousins say that my compost smells. It is science!',
      revealed: ['F1'],
      preferred: {
        text: 'Soil science has its martyrs. Is it eggs or vinegar you smell?',
        truncated: false,
        next: last(
          2,
          'Eggs, sadly.',
          'Then it wants air, and your cousins do too. Turn it tonight?',
          'Turn the pile to let in air.',
        ),
      },
      rejected: {
        text: 'Compost should not smell if it is balanced.',
        truncated: false,
        next: last(2, 'It is balanced, they are not.', 'Ha. Shall we win them over with basil?', ''),
      },
    },
  };
}

function neverStarted(): ConversationTree {
  return playedTree('never-started', luthier, tender, [], {
    failures: [
      { turn: 1, role: 'role-player', code: 'model-call-failed', message: 'scripted:writer: no answer.' },
    ],
  });
}
