import { createServer } from 'node:http';

// A model server: `node small-server.ts MODEL PORT [stubborn]`. It answers with what it was started with, and prints a key.
// The model `never` never gets ready, and a stubborn server ignores SIGTERM.

const [model, port, manner] = process.argv.slice(2);
if (manner === 'stubborn') process.on('SIGTERM', () => {});
console.log(`serving ${model} with the key ${process.env.A_KEY ?? 'none'}`);

createServer((request, response) => {
  if (request.url === '/health') {
    response.writeHead(model === 'never' ? 503 : 200).end();
    return;
  }
  const choice = {
    index: 0,
    finish_reason: 'stop',
    message: { role: 'assistant', content: `I am ${model}` },
  };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ choices: [choice], usage: { prompt_tokens: 1, completion_tokens: 1 } }));
}).listen(Number(port), '127.0.0.1');
