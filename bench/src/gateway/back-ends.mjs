// A thread in which the pods of the services that are updated answer: HTTP, and echoes over websockets.
import http from 'node:http';
import { parentPort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';

const servers = new Map();

async function open({ address, port }) {
  const server = http.createServer((_, response) => response.end('fine\n'));
  new WebSocketServer({ server }).on('connection', (socket) =>
    socket.on('message', (data) => socket.send(data)).on('error', () => undefined),
  );
  servers.set(address, server);
  await new Promise((resolve, reject) => server.on('error', reject).listen(port, address, resolve));
}

/** As a pod ends after the kubelet's sleep: it takes no new connection, ends idle ones, and answers what runs. */
async function close({ address }) {
  const server = servers.get(address);
  servers.delete(address);
  await new Promise((resolve) => server.close(resolve));
}

const commands = { open, close };

parentPort.on('message', async ({ id, command, ...options }) => {
  try {
    await commands[command](options);
    parentPort.postMessage({ id });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error) });
  }
});
