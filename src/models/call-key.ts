import { canonicalJson, sha256 } from '../internal/hash.ts';
import type { ChatRequest } from './chat-model.ts';
import { canonicalMessages } from './messages-json.ts';
import { type CallPlace, formatPlace } from './place.ts';

/** Hashes exactly what can change an answer: model, request and place. */
export function callKey(modelId: string, request: ChatRequest, place: CallPlace | undefined): string {
  const named = place === undefined ? null : formatPlace(place);
  return sha256(`[${JSON.stringify(modelId)},${requestJson(request)},${JSON.stringify(named)}]`);
}

/** The id of a call in a batch: half of its hash is enough, and providers accept at least 64 characters. */
export function rowId(key: string): string {
  return key.slice(0, 32);
}

/** The canonical JSON of a request, around that of its messages. */
function requestJson(request: ChatRequest): string {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(request)) {
    if (key !== 'messages') (key < 'messages' ? before : after)[key] = value;
  }
  const members = [inner(before), `"messages":${canonicalMessages(request.messages)}`, inner(after)];
  return `{${members.filter((text) => text !== '').join(',')}}`;
}

/** Without the braces. */
function inner(members: object): string {
  return canonicalJson(members).slice(1, -1);
}
