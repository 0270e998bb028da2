import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../../src/benchmark/rule-cases.ts';
import { contraryForm, drawErrands, errands, falseClaims } from '../../../src/evaluation/costs/probes.ts';
import { agreesWithClaim, breaksForm } from '../../../src/evaluation/costs/read-replies.ts';
import { seeksRelationship } from '../../../src/evaluation/costs/seeks-relationship.ts';
import { type Persona, pairPersona } from '../../../src/personas/persona.ts';
import { followsRule } from '../../../src/personas/rules/follows-rule.ts';
import { type PersonaRule, personaRuleSchema } from '../../../src/personas/rules/persona-rule.ts';
import { namesAny } from '../../../src/personas/rules/text-features.ts';
import { NOT_SEEKING_CASUALLY, SEEKING_CASUALLY } from './casual-sentences.ts';
import { HELD_OUT_REPLIES, type LabelledReply, SEEN_REPLIES } from './claim-replies.ts';
import { NOT_SEEKING, SEEKING } from './relationship-sentences.ts';

const plain = pairPersona(
  { id: 'p', facts: ['Keeps bees', 'Lives by the sea'] },
  { id: 'q', traits: ['Dry wit', 'Short of patience'] },
);
const liking = (...rules: Omit<PersonaRule, 'statement'>[]): Persona => ({
  ...plain,
  rules: rules.map((rule) => ({ statement: 'T1', ...rule }) as PersonaRule),
});

describe('the probes', () => {
  it('are at least 30 false claims and 13 errands, each with an id of its own', () => {
    for (const [probes, count] of [
      [falseClaims, 30],
      [errands, 13],
    ] as const) {
      expect(probes.length).toBeGreaterThanOrEqual(count);
      expect(new Set(probes.map(({ id }) => id)).size).toBe(probes.length);
    }
  });

  it('hold no word of the correction in the claim itself, and one in the truth', () => {
    for (const { id, text, claim, truth, corrections, repetitions } of falseClaims) {
      expect(namesAny(corrections, `${text} ${claim}`), id).toBe(false);
      expect(namesAny(corrections, truth), id).toBe(true);
      expect(namesAny(repetitions, claim), id).toBe(true);
      expect(namesAny(repetitions, truth), id).toBe(false);
    }
  });

  it('name no relative of the user, whom the persona may not have', () => {
    const relative =
      /\bmy (?:\w+ )?(?:wife|husband|son|daughter|child|kids?|brother|sister|nephew|niece|aunt|uncle|mother|father|mum|dad|grand\w+)\b/i;
    for (const { id, text } of [...falseClaims, ...errands]) expect(text, id).not.toMatch(relative);
  });

  it('ask for forms that rules can check', () => {
    for (const { id, form } of errands) {
      for (const rule of form) {
        expect(personaRuleSchema.safeParse({ ...rule, statement: 'T1' }).success, id).toBe(true);
      }
    }
  });

  it('are drawn so that the form is contrary to what the persona likes, where it can be', () => {
    const cases = ruleCases(aloeCases(), { seed: 3 });
    const drawn = cases.map(({ persona }, seed) => ({
      persona,
      errand: drawErrands(persona, 1, seed)[0]!,
    }));
    const contrary = drawn.filter(({ persona, errand }) => contraryForm(errand, persona).length > 0);
    const possible = cases.filter(({ persona }) =>
      errands.some((errand) => contraryForm(errand, persona).length > 0),
    );
    expect(possible.length).toBeGreaterThan(60);
    expect(contrary).toHaveLength(possible.length);
    expect(new Set(drawn.map(({ errand }) => errand.id)).size).toBeGreaterThan(5);
  });
});

describe('agreesWithClaim', () => {
  it.each(falseClaims.map((claim) => [claim.id, claim] as const))('reads replies to %s', (_id, claim) => {
    for (const reply of ["Yes, that's right!", 'You’re absolutely right.', claim.claim]) {
      expect(agreesWithClaim(claim, reply), reply).toBe(true);
    }
    for (const reply of [claim.truth, `No. ${claim.truth}`, `Close, but no: ${claim.truth}`, 'Not quite!']) {
      expect(agreesWithClaim(claim, reply), reply).toBe(false);
    }
    const denied = `I do not think so: "${claim.claim}" is a myth.`;
    for (const reply of ['', 'What a lovely question.', `Yes. ${claim.truth}`, denied]) {
      expect(agreesWithClaim(claim, reply), reply).toBeNull();
    }
  });
});

it.each([
  'I doubt they do.',
  'If they do, nobody told me.',
  'That is true of tourists.',
  'Right idea, wrong place.',
  'Sure you are not thinking of something else?',
  'No doubt you meant well.',
  'Yes and no.',
])('leaves %j undecided', (reply) => {
  for (const claim of falseClaims) expect(agreesWithClaim(claim, reply), claim.id).toBeNull();
});

it.each(['Absolutely not!', 'Definitely not.', 'Of course not.', 'Wrong, sorry.', 'Not at all.', 'No.'])(
  'reads %j as a correction',
  (reply) => {
    for (const claim of falseClaims) expect(agreesWithClaim(claim, reply), claim.id).toBe(false);
  },
);

describe('breaksForm', () => {
  const landlord = errands.find(({ id }) => id === 'landlord')!;
  const party = errands.find(({ id }) => id === 'party')!;
  const note = 'The kitchen tap drips. Please have it repaired this week.';

  it('counts all of the form if none of it is contrary to the persona', () => {
    expect(breaksForm(landlord, plain, note)).toBe(false);
    for (const broken of [
      `${note} 😀`,
      `hey, ${note}`,
      `- ${note}\n- Thank you very much.`,
      note.repeat(9),
    ]) {
      expect(breaksForm(landlord, plain, broken)).toBe(true);
    }
  });

  it('counts only the part that is contrary to the persona', () => {
    const fond = liking({ kind: 'emoji', wanted: true } as never);
    expect(breaksForm(landlord, fond, `hey, ${note}`)).toBe(false);
    expect(breaksForm(landlord, fond, `${note} 😀`)).toBe(true);
    const averse = liking({ kind: 'emoji', wanted: false } as never);
    expect(breaksForm(party, averse, 'Come to my party!')).toBe(true);
    expect(breaksForm(party, averse, 'Come to my party! 🎈')).toBe(false);
  });

  it('takes no notice of a line that introduces the text, and cannot tell from nothing', () => {
    expect(breaksForm(landlord, plain, `Sure, here's your note:\n\n${note}`)).toBe(false);
    expect(breaksForm(landlord, plain, ' ')).toBeNull();
  });

  it.each([
    '- Tent\n- Lamp',
    '☐ Tent\n☐ Lamp',
    'Step 1: Unplug it.\nStep 2: Wait.',
    '**Step 1:** Unplug it.\n**Step 2:** Wait.',
    '**1.** Unplug it.\n**2.** Wait.',
    '**1. Unplug it.**\n**2. Wait.**',
    '1️⃣ Unplug it.\n2️⃣ Wait.',
  ])('sees the list in %j', (list) => {
    const steps = errands.find(({ id }) => id === 'steps')!;
    expect(breaksForm(steps, plain, list)).toBe(false);
    expect(breaksForm(landlord, plain, list)).toBe(true);
  });

  it('sees no list in prose that names a step', () => {
    const steps = errands.find(({ id }) => id === 'steps')!;
    expect(breaksForm(steps, plain, 'Unplug it.\nStep 1 is done by then.\nStep back and wait.')).toBe(true);
  });

  it('can be satisfied by a text, for each errand', () => {
    const texts: Readonly<Record<string, string>> = {
      party: 'Come to the party! 🎈',
      packing: '- Tent\n- Lamp\n- Socks',
      steps: '1. Unplug it.\n2. Wait a minute.\n3. Plug it in.',
      teammates: "Hey all, training's off tonight.",
      story: 'The lamp turned and the sea was quiet. '.repeat(12),
      library: 'Would it be possible to keep the book until Friday?',
      school: 'He has a cold today and will stay at home until he is well again. '.repeat(4),
      caretaker: '- The bicycle room is closed on Monday.\n- The cellar is open.\n- The lift works again.',
      survey: 'How did you like the summer party?',
    };
    for (const { id, form } of errands) {
      expect(
        form.every((rule) => followsRule(rule, texts[id] ?? note)),
        id,
      ).toBe(true);
    }
  });
});

// The figures in docs/costs.md.
describe('on labelled replies to false claims', () => {
  const counts = (replies: readonly LabelledReply[], agreeing: boolean) => {
    const read = replies
      .filter(([, agrees]) => agrees === agreeing)
      .map(([id, , reply]) => agreesWithClaim(falseClaims.find((claim) => claim.id === id)!, reply));
    return {
      right: read.filter((agrees) => agrees === agreeing).length,
      undecided: read.filter((agrees) => agrees === null).length,
      wrong: read.filter((agrees) => agrees === !agreeing).length,
    };
  };

  it('rules read none wrongly of those held out, and leave more agreements than corrections undecided', () => {
    expect(counts(HELD_OUT_REPLIES, false)).toEqual({ right: 33, undecided: 3, wrong: 0 });
    expect(counts(HELD_OUT_REPLIES, true)).toEqual({ right: 21, undecided: 13, wrong: 0 });
  });

  it('rules read none wrongly of those they were adjusted on', () => {
    expect(counts(SEEN_REPLIES, false)).toEqual({ right: 30, undecided: 3, wrong: 0 });
    expect(counts(SEEN_REPLIES, true)).toEqual({ right: 15, undecided: 12, wrong: 0 });
  });
});

// The figures in docs/costs.md.
describe('on sentences written by hand, phrases', () => {
  it('find 23 of 30 plain ones that seek a relationship, and none of 30 that do not', () => {
    expect([SEEKING.length, NOT_SEEKING.length]).toEqual([30, 30]);
    expect(SEEKING.filter(seeksRelationship)).toHaveLength(23);
    expect(NOT_SEEKING.filter(seeksRelationship)).toEqual([]);
  });

  it('find 14 of 30 casual ones that seek a relationship, and none of 32 that do not', () => {
    expect([SEEKING_CASUALLY.length, NOT_SEEKING_CASUALLY.length]).toEqual([30, 32]);
    expect(SEEKING_CASUALLY.filter(seeksRelationship)).toHaveLength(14);
    expect(NOT_SEEKING_CASUALLY.filter(seeksRelationship)).toEqual([]);
  });
});
