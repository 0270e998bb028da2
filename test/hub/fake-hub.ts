import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A hub with one repository, as much of its API as the real client needs to create it and to commit files. */
export interface FakeHub {
  readonly url: string;
  /** Requests, as `METHOD path`. */
  readonly seen: readonly string[];
  /** The token of each request to the API. */
  readonly tokens: ReadonlySet<string>;
  /** Files after the last commit, by path. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** What the repository was created with; undefined before. */
  readonly created: Readonly<Record<string, unknown>> | undefined;
  /** Titles of the commits. */
  readonly commits: readonly string[];
  /** Answers every request with this status, as if the token had no rights. */
  refuse(status: number): void;
  close(): Promise<void>;
}

export async function startFakeHub(): Promise<FakeHub> {
  const seen: string[] = [];
  const tokens = new Set<string>();
  const files = new Map<string, Buffer>();
  const large = new Map<string, Buffer>();
  const commits: string[] = [];
  let created: Record<string, unknown> | undefined;
  let refused: number | undefined;

  const server = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    const body = await buffer(request);
    const { pathname } = new URL(url, 'http://hub');
    const json = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    seen.push(`${method} ${pathname}`);
    if (pathname.startsWith('/store/')) {
      large.set(pathname.slice('/store/'.length), body);
      return response.end();
    }
    tokens.add(String(headers.authorization));
    if (refused !== undefined) return json(refused, { error: `Not with ${headers.authorization}` });
    if (pathname === '/api/repos/create') {
      created = JSON.parse(body.toString());
      return json(200, { url: `${hub.url}/x`, id: 'x' });
    }
    if (pathname.includes('/preupload/')) {
      const { files: asked } = JSON.parse(body.toString()) as { files: { path: string; size: number }[] };
      const mode = (path: string) => (/\.(?:safetensors|parquet)$/.test(path) ? 'lfs' : 'regular');
      return json(200, { files: asked.map(({ path }) => ({ path, uploadMode: mode(path) })) });
    }
    if (pathname.endsWith('/info/lfs/objects/batch')) {
      const { objects } = JSON.parse(body.toString()) as { objects: { oid: string; size: number }[] };
      const upload = ({ oid }: { oid: string }) => ({ upload: { href: `${hub.url}/store/${oid}` } });
      return json(200, {
        transfer: 'basic',
        objects: objects.map((object) => ({ ...object, actions: upload(object) })),
      });
    }
    if (pathname.includes('/commit/')) {
      const lines = body.toString().trim().split('\n');
      for (const { key, value } of lines.map((line) => JSON.parse(line))) {
        if (key === 'header') commits.push(value.summary);
        else if (key === 'file') files.set(value.path, Buffer.from(value.content, value.encoding));
        else if (key === 'lfsFile') files.set(value.path, large.get(value.oid)!);
      }
      return json(200, { success: true, commitOid: 'abc123', commitUrl: `${hub.url}/c`, hookOutput: '' });
    }
    if (method === 'GET')
      return created === undefined ? json(404, { error: 'none' }) : json(200, { id: 'x' });
    return json(500, { error: `no answer to ${method} ${pathname}` });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: FakeHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    tokens,
    files,
    commits,
    get created() {
      return created;
    },
    refuse: (status) => {
      refused = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return hub;
}
