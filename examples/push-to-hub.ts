/**
 * Pushes an export to the Hugging Face hub, as a private repository. Without --push it only lists the files and looks for
 * secrets.
 *
 *   npx tsx examples/push-to-hub.ts data me/bees
 *   HF_TOKEN=hf_... npx tsx examples/push-to-hub.ts data me/bees --push
 */
import { pushToHub } from 'aloe-align/hub';

const [dir = 'data', repo = 'me/bees', push] = process.argv.slice(2);
const { url, files, commit } = await pushToHub(dir, { type: 'dataset', repo, dryRun: push !== '--push' });
for (const { path, bytes } of files) console.log(`${path}, ${bytes} bytes`);
console.log(commit === null ? `Nothing was pushed to ${url}.` : `Pushed to ${url} as ${commit}.`);
