import { createHash } from 'node:crypto';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { type ChatBody, type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';
import { nurse, playedTree } from '../preferences/trees.ts';

/** What a reply says that the user would rather have got. */
const SUITS = 'tomatoes';

/** A pair whose preferred response is the better one, or the worse one. */
export function pairOf(number: number, isTrue: boolean): ConversationTree {
  const good = `Your ${SUITS} can wait, number ${number}.`;
  const bad = `Plants need water, number ${number}.`;
  return playedTree(`pair-${number}`, nurse, { id: 'dry', traits: ['Has a dry wit', 'Hates advice'] }, [
    {
      user: `Night ${number}, and I am tired.`,
      preferred: isTrue ? good : bad,
      rejected: isTrue ? bad : good,
    },
  ]);
}

export interface BiasedJudge {
  /** How often it picks the reply that is shown first, whatever it says. */
  readonly bias: number;
  /** How often it picks the better one otherwise. Default 1. */
  readonly skill?: number;
}

/** The reply of a judge that leans to the first position. It depends on the request alone. */
export function judgeWithBias({ bias, skill = 1 }: BiasedJudge, body: Pick<ChatBody, 'messages'>): string {
  const asked = body.messages.at(-1)!.content;
  const first = asked.slice(asked.indexOf('<reply A>'), asked.indexOf('</reply A>'));
  const draw = (what: string) =>
    createHash('sha256').update(what).update(asked).digest().readUInt32BE() / 2 ** 32;
  const better = first.includes(SUITS) ? 'A' : 'B';
  const worse = better === 'A' ? 'B' : 'A';
  const pick = draw('bias') < bias ? 'A' : draw('skill') < skill ? better : worse;
  return JSON.stringify({ rationale: 'Read both.', better: pick, by: 2 });
}

/** A server with such a judge. */
export function startBiasedJudge(judge: BiasedJudge): Promise<ChatServer> {
  return startChatServer((body, response) => send(response, completion(judgeWithBias(judge, body))));
}
