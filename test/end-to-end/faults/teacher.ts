import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type ChatBody, completion, send, startChatServer } from '../../models/chat-server.ts';

const SLOWEST_MS = 6;

/** A server that answers every request by its hash, so that its answers and their times are always the same. */
export interface Teacher {
  readonly baseUrl: string;
  /** The number of each request that came, in order. Equal requests have equal numbers. */
  readonly asked: number[];
  /** Told of each request when it came, before it is answered. */
  onRequest: (count: number) => void;
  /** Requests it answers in another way, or not at all. */
  unlike: (body: ChatBody, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

export async function startTeacher(): Promise<Teacher> {
  const asked: number[] = [];
  const numbers = new Map<number, number>();
  const server = await startChatServer((body, response) => {
    const hash = hashOf(body);
    const number = numbers.get(hash) ?? numbers.size + 1;
    numbers.set(hash, number);
    asked.push(number);
    teacher.onRequest(asked.length);
    if (teacher.unlike(body, response)) return;
    setTimeout(() => {
      // The number comes back as a count of tokens: the journal then says which requests it has the answers of.
      send(response, {
        ...completion(reply(body, hash)),
        usage: { prompt_tokens: number, completion_tokens: 5 },
      });
    }, hash % SLOWEST_MS);
  });
  const teacher: Teacher = {
    baseUrl: server.baseUrl,
    asked,
    onRequest: () => {},
    unlike: () => false,
    close: server.close,
  };
  return teacher;
}

function hashOf(body: ChatBody): number {
  return Number.parseInt(createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 11), 16);
}

interface InductionFormat {
  readonly json_schema: { readonly schema: { properties: { revealed: { items: { enum: string[] } } } } };
}

function reply({ response_format: format }: ChatBody, hash: number): string {
  if (format === undefined) return `My bees did trick ${hash} today.`;
  const { enum: open } = (format as InductionFormat).json_schema.schema.properties.revealed.items;
  return JSON.stringify({ revealed: [open[hash % open.length]] });
}
