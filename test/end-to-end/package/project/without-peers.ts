/** First use of what needs an optional peer package, in a project that has none. */
import { writeFile } from 'node:fs/promises';
import { AloeError } from 'aloe-align';
import { transformersEmbedder } from 'aloe-align/embeddings/transformers';
import { llamaCpp } from 'aloe-align/models/llama-cpp';

await writeFile('model.gguf', 'GGUF');
const huggingFace = transformersEmbedder({ model: 'some/model' });
const xenova = transformersEmbedder({ model: 'some/model', lib: '@xenova/transformers' });
// By a name the compiler does not follow: its declarations are in `ai`, which is not installed here.
const bridge: string = 'aloe-align/models/ai-sdk';
const vercel = (await import(bridge)).aiSdk('some/model');
const local = llamaCpp({ modelPath: 'model.gguf' });

const uses = [
  () => huggingFace.embed(['some text']),
  () => xenova.embed(['some text']),
  () => vercel.generate({ messages: [{ role: 'user', content: 'Hello' }] }),
  () => local.generate({ messages: [{ role: 'user', content: 'Hello' }] }),
];
for (const use of uses) {
  const error: unknown = await use().catch((reason: unknown) => reason);
  console.log(AloeError.isInstance(error) ? `${error.code}: ${error.message}` : String(error));
}
