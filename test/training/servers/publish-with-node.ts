/**
 * Stands in for `publish_result.py` where there is no Python with huggingface_hub: pushes with the official client for Node
 * instead. It has no part in how the result looks: only in what the server is told.
 *
 *   HF_TOKEN=… HF_ENDPOINT=… node publish-with-node.ts <repository> <tag>
 */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createRepo, uploadFiles } from '@huggingface/hub';

const [repository = '', tag = ''] = process.argv.slice(2);
const { HF_TOKEN: accessToken = '', HF_ENDPOINT: hubUrl = '' } = process.env;
const { outputs } = JSON.parse(await readFile('manifest.json', 'utf8')) as { outputs: string[] };
const to = { repo: repository, hubUrl, accessToken };
await createRepo({ ...to, visibility: 'private' }).catch((error) => {
  if (error.statusCode !== 409) throw error;
});
const content = pathToFileURL(`${outputs.at(-1)}/model.safetensors`);
const done = await uploadFiles({ ...to, useXet: false, files: [{ path: 'model.safetensors', content }] });
await fetch(`${hubUrl}/api/models/${repository}/tag/${done!.commit.oid}`, {
  method: 'POST',
  headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
  body: JSON.stringify({ tag }),
});
