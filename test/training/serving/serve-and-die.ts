import { serveModel } from '../../../src/training/serving/serve-model.ts';

// Serves a model, says where, and is killed: nothing is closed.

const [dir, ...command] = process.argv.slice(2);
const { baseUrl } = await serveModel(dir!, { command });
process.stdout.write(baseUrl, () => process.kill(process.pid, 'SIGKILL'));
