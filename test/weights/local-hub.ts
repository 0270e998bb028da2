import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '../../src/internal/hash.ts';
import type { WeightSet } from '../../src/weights/sources.ts';

export const MODEL: Buffer = Buffer.from('model bytes '.repeat(1_000));
export const CONFIG: Buffer = Buffer.from('{"hidden_size":384}');

const sum = (content: Buffer) => ({ sha256: sha256(content), bytes: content.length });

/** A set of two small files with both kinds of source. */
export const SMALL_SET: WeightSet = {
  name: 'small',
  licence: 'Apache-2.0',
  sources: [
    {
      kind: 'hub',
      repository: 'someone/small',
      revision: '0123456789abcdef',
      files: [
        { path: 'onnx/model.onnx', ...sum(MODEL) },
        { path: 'config.json', ...sum(CONFIG) },
      ],
    },
    {
      kind: 'wheel',
      wheels: [
        {
          requirement: 'small-weights==1.0.0',
          bytes: 20_000,
          files: [
            { path: 'onnx/model.onnx', entry: 'small/model.onnx', ...sum(MODEL) },
            { path: 'config.json', entry: 'small/config.json', ...sum(CONFIG) },
          ],
        },
      ],
    },
  ],
};

export interface LocalHub {
  readonly url: string;
  readonly requests: string[];
  close(): void;
}

/** A model hub on this machine, real HTTP. */
export async function startHub(
  answer: (path: string, response: ServerResponse) => void = serve,
): Promise<LocalHub> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request.url!);
    answer(request.url!, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function serve(path: string, response: ServerResponse): void {
  response.end(path.endsWith('model.onnx') ? MODEL : CONFIG);
}
