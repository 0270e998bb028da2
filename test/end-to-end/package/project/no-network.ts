// Loaded before a program, so that it cannot reach anything.
import { Socket } from 'node:net';

Socket.prototype.connect = (): never => {
  throw new Error('No network here.');
};
