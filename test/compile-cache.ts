import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Workers, and the programs that tests start, take compiled code from Node's cache: half of the time of a command line. */
export default function useCompileCache(): void {
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');
}
