import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChatServer, completion, send, startChatServer } from '../../models/chat-server.ts';

/** All that a request says of keys, in every form in which a server may repeat it. */
function echoOf({ url = '', headers }: IncomingMessage): string {
  const query = [...new URL(url, 'http://host').searchParams.values()];
  const sent = [headers.authorization, headers['x-api-key'], headers.cookie]
    .flat()
    .filter((value) => value !== undefined);
  const values = [...query, ...sent, ...sent.map((value) => value.replace(/^\w+ /, ''))];
  return [
    `requested URL ${url}`,
    ...values,
    JSON.stringify(values),
    ...values.map((value) => encodeURIComponent(value)),
    ...values.map((value) => new URLSearchParams({ value }).toString()),
    ...values.map((value) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')),
    ...values.map((value) => Buffer.from(`u:${value}`).toString('base64')),
  ].join(' | ');
}

/** The ways of a bad server. Each repeats what the request says of keys. */
const FAULTS: readonly ((response: ServerResponse, echo: string) => void)[] = [
  (response, echo) => send(response, { error: { message: echo, code: echo, type: echo } }, 500),
  (response, echo) => send(response, `<html><p>${echo}</p></html>`, 502, { 'content-type': 'text/html' }),
  (response, echo) =>
    send(response, { detail: echo }, 429, { 'retry-after-ms': '1', 'x-echo': encodeURI(echo) }),
  (response, echo) => send(response, `{"${echo}`, 200),
  (response, echo) => send(response, completion(echo)),
  (response, echo) => send(response, completion(`${'filler '.repeat(56)}${echo}`)),
  (response, echo) => send(response, completion(null, { message: { role: 'assistant', refusal: echo } })),
  (response, echo) => send(response, `${' '.repeat(19_990)}${echo}${' '.repeat(9_000)}`, 500),
  (response, echo) => send(response, {}, 200, { 'content-encoding': encodeURI(echo) }),
  (response, echo) => send(response, echo, 503, { location: `/next?${encodeURI(echo)}` }),
  (response, echo) => send(response, '', 307, { location: `http://${encodeURIComponent(echo)}@host/` }),
  (response, echo) => send(response, echo, 401),
];

/** A server whose requests fail in all these ways in turn, each followed by some good answers. */
export function startEchoServer(good: (body: never) => string): Promise<ChatServer> {
  let calls = 0;
  return startChatServer((body, response, request) => {
    const call = calls++;
    const fault = call % 3 === 0 ? FAULTS[(call / 3) % FAULTS.length] : undefined;
    if (fault !== undefined) return fault(response, echoOf(request));
    send(response, completion(good(body as never)));
  });
}
