/** First use of what needs an optional peer package, in a project that has none. */
import { mkdir, writeFile } from 'node:fs/promises';
import { AloeError, memoryRun, openRun } from 'aloe-align';
import { transformersEmbedder } from 'aloe-align/embeddings/transformers';
import { pushToHub } from 'aloe-align/hub';
import { llamaCpp } from 'aloe-align/models/llama-cpp';

await writeFile('model.gguf', 'GGUF');
const huggingFace = transformersEmbedder({ model: 'some/model' });
const xenova = transformersEmbedder({ model: 'some/model', lib: '@xenova/transformers' });
// By names the compiler does not follow: their declarations are in packages that are not installed here.
const bridge: string = 'aloe-align/models/ai-sdk';
const vercel = (await import(bridge)).aiSdk('some/model');
const telemetry: string = 'aloe-align/telemetry';
const { withTelemetry } = await import(telemetry);
await mkdir('model');
await writeFile('model/config.json', '{}');
await writeFile('model/README.md', '# A model');
const local = llamaCpp({ modelPath: 'model.gguf' });

const uses = [
  () => pushToHub('model', { type: 'model', repo: 'some/model', token: 'hf_none' }),
  () => huggingFace.embed(['some text']),
  () => withTelemetry(memoryRun()),
  () => xenova.embed(['some text']),
  () => vercel.generate({ messages: [{ role: 'user', content: 'Hello' }] }),
  () => local.generate({ messages: [{ role: 'user', content: 'Hello' }] }),
  () => openRun('postgres://localhost/none?run=first'),
];
for (const use of uses) {
  const error: unknown = await use().catch((reason: unknown) => reason);
  console.log(AloeError.isInstance(error) ? `${error.code}: ${error.message}` : String(error));
}
