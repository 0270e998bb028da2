import { describe, expect, test } from 'vitest';
import { decisionPoints } from '../../src/conversations/conversation-tree.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { preferenceRecord } from '../../src/preferences/records.ts';
import {
  comparedMarkdown,
  messagesMarkdown,
  messagesRow,
  pairMarkdown,
  pairRow,
  playedMessages,
} from '../../src/report/page/transcript.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { dry, fixtureTrees, playedTree, student } from '../preferences/trees.ts';

describe('what the report’s page copies', () => {
  test('of a pair as JSON is the row that trlDpo() writes', () => {
    const odd = playedTree('odd', student, dry, [
      { user: 'A lone half \ud83d', preferred: ' \n Yes.\n', rejected: 'No \udc00. ' },
      { user: 'And?', preferred: 'Fine.', rejected: 'Fine.' },
    ]);
    for (const tree of [...fixtureTrees(), odd]) {
      for (const point of decisionPoints(tree)) {
        const [row] = trlDpo().rows(preferenceRecord(tree, point));
        expect(pairRow(point.conversation, point.node)).toBe(JSON.stringify(row));
      }
    }
  });

  test('of a pair as Markdown has the conversation, then both responses', () => {
    const [point] = decisionPoints(
      playedTree('x', student, dry, [{ user: 'Hello', preferred: 'Hi.\n\n# You', rejected: 'Good day.' }]),
    );
    expect(pairMarkdown(point!.conversation, point!.node)).toBe(
      '**User**\n\n> Hello\n\n**Preferred response**\n\n> Hi.\n> \n> # You\n\n**Rejected response**\n\n> Good day.',
    );
  });

  test('of an evaluated conversation ends with the response of the turn', () => {
    const [own] = evaluationOf([[1, 2, 3]]).cases;
    const messages = playedMessages(own!.turns, 2);
    expect(JSON.parse(messagesRow(messages))).toEqual({
      messages: [
        { role: 'user', content: 'Message 1' },
        { role: 'assistant', content: 'Response 1' },
        { role: 'user', content: 'Message 2' },
        { role: 'assistant', content: 'Response 2' },
      ],
    });
    expect(messagesMarkdown(messages.slice(2))).toBe(
      '**User**\n\n> Message 2\n\n**Assistant**\n\n> Response 2',
    );
  });

  test('of a comparison names each candidate and its score', () => {
    const [played] = evaluationOf([[4]]).cases[0]!.turns;
    const sides = [
      { name: 'one', played },
      { name: 'other', played: undefined },
    ];
    expect(comparedMarkdown(1, sides)).toBe(
      'Turn 1\n\n**User of one**\n\n> Message 1\n\n**one, score 4**\n\n> Response 1\n\n**other: not reached**',
    );
  });
});
