import { ModelCallError } from '../../errors.ts';
import { parseShallowJson } from '../../http/json-depth.ts';
import { TransportError } from '../../http/transport-error.ts';
import { isFiltered, refusalIn, refusedCall, shortened } from '../call-failures.ts';
import { FILTERED_PROMPT, toChatResponse } from '../chat-completions.ts';
import type { BatchResult } from './batch-provider.ts';
import { type OutputLine, outputLine } from './openai-wire.ts';

/** Reads a line of an output or error file. Null for anything that is not about a row. */
export function readOutputLine(modelId: string, bytes: Buffer | null): BatchResult | null {
  const line = bytes && parseLine(bytes);
  if (!line) return null;
  const { custom_id: id } = line;
  try {
    const { response } = line;
    if (!response) return { id, error: withoutResponse(modelId, line) };
    const { status_code: status, body } = response;
    if (status < 300) return { id, response: toChatResponse(modelId, body, undefined) };
    if (isFiltered(body)) return { id, response: FILTERED_PROMPT };
    const { message = 'no message', codes } = refusalIn(body);
    return { id, error: refusedCall(modelId, status, { message, codes }, () => undefined) };
  } catch (error) {
    if (ModelCallError.isInstance(error)) return { id, error };
    throw error;
  }
}

function parseLine(bytes: Buffer): OutputLine | null {
  try {
    return outputLine.safeParse(parseShallowJson(bytes.toString())).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TransportError) return null;
    throw error;
  }
}

/** A row that was not sent to the model: the batch expired, or was cancelled, before its turn. */
function withoutResponse(modelId: string, { error }: OutputLine): ModelCallError {
  const { code, message } = error ?? {};
  const problem = [code, message].filter(Boolean).join(': ') || 'the batch has no response to this call.';
  return new ModelCallError(modelId, shortened(problem), { retryable: true });
}
