/* Only tests use this: requests with nothing added to them. */
import http from 'node:http';
import net from 'node:net';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface RequestOptions {
  method?: string;
  path?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
  agent?: http.Agent;
}

/** Asks 127.0.0.1 for a host; each request has a connection of its own unless it brings an agent. */
export function ask(port: number, host: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', path = '/', headers = {}, body, agent = false } = options;
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path, agent, headers: { host, ...headers }, timeout: 20_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer from ${host}`)));
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends these bytes and returns what has come back when `complete` holds, or the other side has ended. */
export function exchange(
  port: number,
  text: string,
  complete: (received: string) => boolean = (received) => received.includes('\r\n\r\n'),
): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    const done = (): void => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(10_000, () => {
      socket.destroy();
      reject(new Error(`nothing more came after ${JSON.stringify(received)}`));
    });
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (complete(received)) done();
    });
    socket.on('end', done);
    socket.on('error', reject);
  });
}
