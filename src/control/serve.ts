import type { Socket } from 'node:net';
import { AloeError } from '../errors.ts';
import { messageOf } from '../internal/message-of.ts';
import { jsonSocket } from './json-socket.ts';
import {
  type ControlProblem,
  type ControlReply,
  type ControlTask,
  MAX_REQUEST_BYTES,
  PROTOCOL,
  readRequest,
} from './protocol.ts';

/** Answers the requests that come over a connection, in order. */
export function serveConnection(socket: Socket, answer: (task: ControlTask) => unknown): void {
  function reply(value: unknown): ControlReply {
    const request = readRequest(value);
    const { id } = request;
    if ('problem' in request) return { control: PROTOCOL, id, error: request.problem };
    try {
      return { control: PROTOCOL, id, ok: answer(request.task) };
    } catch (error) {
      return { control: PROTOCOL, id, error: problemOf(error) };
    }
  }

  const connection = jsonSocket(
    socket,
    { onValue: (value) => connection.send(reply(value)), onEnd() {} },
    MAX_REQUEST_BYTES,
  );
}

function problemOf(error: unknown): ControlProblem {
  if (AloeError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: 'internal', message: messageOf(error) };
}
