import type { Attributes } from '@opentelemetry/api';
import { AloeError, ModelCallError } from '../errors.ts';
import type { Message } from '../messages.ts';
import type {
  ChatModel,
  ChatRequest,
  ChatResponse,
  FinishReason,
  ModelServer,
} from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import { redact } from '../redact.ts';
import { CONVENTIONS as C, OPERATIONS, providerOf } from './conventions.ts';

/** What is known of a call before it is sent. */
export function requestAttributes(
  { id, server, free }: ChatModel,
  { temperature, maxOutputTokens, seed, stop, outputSchema }: ChatRequest,
  place: CallPlace | undefined,
): Attributes {
  return {
    [C.operationName]: OPERATIONS.chat,
    [C.requestModel]: id,
    ...serverAttributes(server, free),
    [C.outputType]: outputSchema === undefined ? 'text' : 'json',
    ...(temperature !== undefined && { [C.requestTemperature]: temperature }),
    ...(maxOutputTokens !== undefined && { [C.requestMaxTokens]: maxOutputTokens }),
    ...(seed !== undefined && { [C.requestSeed]: seed }),
    ...(stop !== undefined && { [C.requestStopSequences]: [...stop] }),
    ...(place !== undefined && placeAttributes(place)),
  };
}

/** What the reply adds. */
export function responseAttributes({ usage, finishReason, served }: ChatResponse): Attributes {
  return {
    [C.responseFinishReasons]: [finishName(finishReason)],
    [C.inputTokens]: usage.inputTokens,
    [C.cachedInputTokens]: usage.cachedInputTokens,
    [C.outputTokens]: usage.outputTokens,
    ...(served?.model !== undefined && { [C.responseModel]: served.model }),
    ...(served?.fingerprint !== undefined && { 'aloe.response.fingerprint': served.fingerprint }),
  };
}

/** The messages of a call, without secrets, as JSON. */
export function contentAttributes({ messages }: ChatRequest, response: ChatResponse | undefined): Attributes {
  const reply = response && [
    {
      ...toParts({ role: 'assistant', content: response.text }),
      finish_reason: finishName(response.finishReason),
    },
  ];
  return {
    [C.inputMessages]: JSON.stringify(messages.map(toParts)),
    ...(reply !== undefined && { [C.outputMessages]: JSON.stringify(reply) }),
  };
}

/** The class of an error: its HTTP status, else its code, else its name. */
export function errorType(error: unknown): string {
  if (ModelCallError.isInstance(error) && error.status !== undefined) return String(error.status);
  if (AloeError.isInstance(error)) return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}

/** Provider, and address and port if the model says where it is served. */
export function serverAttributes(server: ModelServer | undefined, free: boolean | undefined): Attributes {
  if (server === undefined) return { [C.providerName]: free ? 'local' : 'unknown' };
  const { address, stable } = server;
  // A model of the AI SDK has the name of its provider there, such as `openai.chat`.
  if (!/[:/]/.test(address)) return { [C.providerName]: address.split('.')[0]! };
  // A model of your own may have any text there.
  if (!URL.canParse(`http://${address}`)) return { [C.providerName]: 'unknown', [C.serverAddress]: address };
  const { hostname, port } = new URL(`http://${address}`);
  return {
    [C.providerName]: providerOf(hostname),
    [C.serverAddress]: hostname,
    ...(port !== '' ? { [C.serverPort]: Number(port) } : stable && { [C.serverPort]: 443 }),
  };
}

function placeAttributes({ task, subject, turn, role, sample }: CallPlace): Attributes {
  return {
    'aloe.task': task,
    'aloe.subject': subject,
    'aloe.role': role,
    ...(turn !== undefined && { 'aloe.turn': turn }),
    ...(sample !== undefined && { 'aloe.sample': sample }),
  };
}

function toParts({ role, content }: Message): object {
  return { role, parts: [{ type: 'text', content: redact(content) }] };
}

function finishName(reason: FinishReason): string {
  return reason.replace('-', '_');
}
