import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The parts of a chat-completions request that tests read. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly [field: string]: unknown;
}

export interface SeenRequest {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: ChatBody;
}

export type Answer = (body: ChatBody, response: ServerResponse, request: IncomingMessage) => void;

/** A real local server with as much of the chat-completions API as tests need. */
export interface ChatServer {
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
  /** Answers the requests that follow. */
  answer: Answer;
  close(): Promise<void>;
}

export async function startChatServer(
  answer: Answer = (body, response) => send(response, completion(reply(body))),
): Promise<ChatServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const content = await text(request).catch(() => '');
    const body = JSON.parse(content || '{}') as ChatBody;
    seen.push({ path: request.url, headers: request.headers, body });
    chatServer.answer(body, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const chatServer: ChatServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    answer,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return chatServer;
}

/** A reply that depends on the request alone. If the request asks for JSON, the reply has the tests' shape. */
function reply(body: ChatBody): string {
  return body.response_format === undefined
    ? `Reply to: ${body.messages.at(-1)?.content}`
    : '{"mood": "good"}';
}

export function completion(content: unknown, choice: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: 'tiny',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content }, ...choice }],
    usage: {
      prompt_tokens: 20,
      completion_tokens: 5,
      total_tokens: 25,
      prompt_tokens_details: { cached_tokens: 8 },
    },
  };
}

/** Sends a completion as a stream of two chunks, as for a request with `stream`. */
export function sendStream(response: ServerResponse, content: string): void {
  const half = Math.ceil(content.length / 2);
  const choices = [
    { index: 0, delta: { role: 'assistant', content: content.slice(0, half) } },
    { index: 0, delta: { content: content.slice(half) } },
    { index: 0, delta: {}, finish_reason: 'stop' },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const choice of choices) response.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
  response.end('data: [DONE]\n\n');
}

export function send(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
