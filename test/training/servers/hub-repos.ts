import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type SeenRequest, sendJson } from './http-server.ts';

/** A repository: its branch main, and its tags. */
export interface HubRepo {
  readonly type: 'model' | 'dataset';
  readonly name: string;
  readonly private: boolean;
  readonly files: Map<string, Buffer>;
  readonly commits: string[];
  readonly tags: Map<string, ReadonlyMap<string, Buffer>>;
}

const LARGE = /\.safetensors$/;

/**
 * The hub's routes for repositories, as much as its official clients need to create them, to commit files, small and large,
 * to tag a commit and to list and read files.
 */
export class HubRepos {
  readonly all: Map<string, HubRepo> = new Map();
  readonly #large = new Map<string, Buffer>();
  readonly #url: () => string;

  constructor(url: () => string) {
    this.#url = url;
  }

  /** @returns whether the request was for a repository. */
  handle({ method, url, body }: SeenRequest, response: ServerResponse, user: string): boolean {
    const { pathname } = url;
    const json = (value: unknown, status = 200) => {
      sendJson(response, value, status);
      return true;
    };
    const missing = (what: string) => json({ error: `${what} not found` }, 404);

    const stored = /^\/store\/(\w+)$/.exec(pathname)?.[1];
    if (stored !== undefined) {
      this.#large.set(stored, body);
      response.end();
      return true;
    }
    if (pathname === '/api/repos/create') return json(...this.#create(JSON.parse(body.toString()), user));
    if (pathname === '/api/validate-yaml') return json({ errors: [], warnings: [] });
    const objects = /^\/(?:(datasets)\/)?([^/]+\/[^/]+?)(?:\.git)?\/info\/lfs\/objects\/batch$/.exec(
      pathname,
    );
    if (objects !== null) return json(this.#batch(JSON.parse(body.toString())));

    const file = /^\/(datasets\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
    if (file !== null) {
      const [, kind, name, revision, path] = file;
      const bytes = this.#filesOf(this.all.get(`${kind ? 'dataset' : 'model'} ${name}`), revision!)?.get(
        decodeURIComponent(path!),
      );
      if (bytes === undefined) return missing('Entry');
      response.end(bytes);
      return true;
    }
    const route = /^\/api\/(model|dataset)s\/([^/]+\/[^/]+)(?:\/(\w+)(?:\/([^/]+)(?:\/(.*))?)?)?$/.exec(
      pathname,
    );
    if (route === null) return false;
    const [, type, name, action, revision = 'main', path = ''] = route;
    const repo = this.all.get(`${type} ${name}`);
    if (repo === undefined) return missing('Repository');
    if (action === undefined || action === 'revision') {
      const siblings = [...(this.#filesOf(repo, revision)?.keys() ?? [])].map((rfilename) => ({ rfilename }));
      return json({ id: name, private: repo.private, sha: 'a'.repeat(40), siblings, tags: [] });
    }
    if (action === 'preupload') {
      const { files } = JSON.parse(body.toString()) as { files: readonly { path: string }[] };
      return json({
        files: files.map(({ path: asked }) => ({
          path: asked,
          uploadMode: LARGE.test(asked) ? 'lfs' : 'regular',
          shouldIgnore: false,
        })),
      });
    }
    if (action === 'commit') return json(this.#commit(repo, body.toString()));
    if (action === 'tag' && method === 'POST') {
      const { tag } = JSON.parse(body.toString()) as { tag: string };
      if (repo.tags.has(tag)) return json({ error: 'Tag reference exists already' }, 409);
      repo.tags.set(tag, new Map(repo.files));
      return json({});
    }
    if (action === 'tree') {
      const files = this.#filesOf(repo, decodeURIComponent(revision));
      const folder = path === '' ? '' : `${path}/`;
      const entries = [...(files ?? [])].filter(([entry]) => entry.startsWith(folder));
      if (files === undefined || (folder !== '' && entries.length === 0)) return missing('Entry');
      return json(entries.map(([entry, bytes]) => entryOf(entry, bytes)));
    }
    return missing('Route');
  }

  #create(
    given: {
      name: string;
      organization?: string;
      type?: HubRepo['type'];
      visibility?: string;
      private?: boolean;
    },
    user: string,
  ): [object, number] {
    const name = `${given.organization ?? user}/${given.name}`;
    const type = given.type ?? 'model';
    const url = `${this.#url()}/${type === 'model' ? '' : 'datasets/'}${name}`;
    if (this.all.has(`${type} ${name}`)) return [{ error: 'You already created this repo', url }, 409];
    const isPrivate = given.private ?? given.visibility === 'private';
    this.all.set(`${type} ${name}`, {
      type,
      name,
      private: isPrivate,
      files: new Map([['.gitattributes', Buffer.from('')]]),
      commits: [],
      tags: new Map(),
    });
    return [{ url, id: name, name }, 200];
  }

  #batch({ objects }: { objects: readonly { oid: string; size: number }[] }): object {
    const upload = (oid: string) => ({ upload: { href: `${this.#url()}/store/${oid}`, header: {} } });
    return {
      transfer: 'basic',
      objects: objects.map((object) => ({ ...object, actions: upload(object.oid) })),
    };
  }

  #commit(repo: HubRepo, body: string): object {
    for (const line of body.trim().split('\n')) {
      const { key, value } = JSON.parse(line);
      if (key === 'header') repo.commits.push(value.summary);
      else if (key === 'file') repo.files.set(value.path, Buffer.from(value.content, value.encoding));
      else if (key === 'lfsFile') repo.files.set(value.path, this.#large.get(value.oid)!);
      else if (key === 'deletedFile') repo.files.delete(value.path);
      else throw new Error(`no such operation: ${key}`);
    }
    const commitOid = createHash('sha1').update(`${repo.name}${repo.commits.length}`).digest('hex');
    const commitUrl = `${this.#url()}/${repo.name}/commit/${commitOid}`;
    return { success: true, commitOid, commitUrl, hookOutput: '' };
  }

  #filesOf(repo: HubRepo | undefined, revision: string): ReadonlyMap<string, Buffer> | undefined {
    return revision === 'main' ? repo?.files : repo?.tags.get(revision);
  }
}

function entryOf(path: string, bytes: Buffer): object {
  const oid = createHash('sha256').update(bytes).digest('hex');
  const entry = { type: 'file', path, size: bytes.length, oid: oid.slice(0, 40) };
  return LARGE.test(path) ? { ...entry, lfs: { oid, size: bytes.length, pointerSize: 130 } } : entry;
}
