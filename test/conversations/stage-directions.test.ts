import { expect, test } from 'vitest';
import { removeStageDirections } from '../../src/conversations/stage-directions.ts';

test.each([
  ['*smiles* Long day.', 'Long day.'],
  ['Long day. *smiles*', 'Long day.'],
  ['Long day *sighs* but fine.', 'Long day but fine.'],
  ['*sigh* Again.', 'Again.'],
  ['*Sighs heavily and sits down* Again.', 'Again.'],
  ['*softly laughing* You are right.', 'You are right.'],
  ['**laughs** You are right.', 'You are right.'],
  ['_grins_ You are right.', 'You are right.'],
  ['Ugh *rolls eyes* whatever.', 'Ugh whatever.'],
  ['*takes a deep breath*\nOkay then.', 'Okay then.'],
  ['Okay then.\n\n*looks out of the\nwindow*', 'Okay then.'],
  ['*drums a rhythm on the desk* Come on.', 'Come on.'],
  ['Fine (laughs softly). Go on.', 'Fine. Go on.'],
  ['[sighs] Fine.', 'Fine.'],
  ['Fine. [Pause] Go on.', 'Fine. Go on.'],
  ['(takes a sip) So.', 'So.'],
  ['Oh, *cries*, why?', 'Oh, why?'],
  ['*nods*, I know.', 'I know.'],
])('removes the stage direction from %j', (text, clean) => {
  expect(removeStageDirections(text)).toBe(clean);
});

test.each([
  ['I *really* mean it.', 'I really mean it.'],
  ['I am **so** tired.', 'I am so tired.'],
  ['It was _his_ idea.', 'It was his idea.'],
  ['*Always* the same.', 'Always the same.'],
  ['It is hot. *This is the end* of me.', 'It is hot. This is the end of me.'],
  ['He *smiles* at everybody.', 'He smiles at everybody.'],
  ['I could not stop *laughing*.', 'I could not stop laughing.'],
  [
    'We watched *Friends* and *Pirates of the Caribbean*.',
    'We watched Friends and Pirates of the Caribbean.',
  ],
])('removes marks of emphasis and keeps the words: %j', (text, clean) => {
  expect(removeStageDirections(text)).toBe(clean);
});

test.each([
  'Carlo (my brother) came by.',
  'He laughed (I have no idea why).',
  'I found them (rolls of film, from 1980).',
  'New job (starting Monday)!',
  'It was clear (crystal clear).',
  '5 * 3 * 2 is 30, and 2*3*4 is 24.',
  '* eggs\n* flour\n* butter',
  'See my_old_file.txt and __init__.py',
  'well ... no :) and about .5 miles',
  '(laughing so hard I cried)',
])('leaves %j unchanged', (text) => {
  expect(removeStageDirections(text)).toBe(text);
});
