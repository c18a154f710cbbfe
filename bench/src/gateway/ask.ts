import http from 'node:http';

/** A client with one connection, which it keeps. */
export class Asker {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly port: number) {}

  /** The status with which a host is answered; 0 where there is no answer. */
  status(host: string, path = '/'): Promise<number> {
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: this.port, path, headers: { host }, agent: this.#agent };
      const request = http.get({ ...options, timeout: 10_000 }, (response) => {
        response.resume().on('close', () => resolve(response.statusCode ?? 0));
      });
      request.on('timeout', () => request.destroy()).on('error', () => resolve(0));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Asks until the answer is 200. @throws Error when it is not within a minute */
export async function untilFine(port: number, host: string, path = '/'): Promise<void> {
  const asker = new Asker(port);
  const limit = Date.now() + 60_000;
  try {
    for (let status = 0; (status = await asker.status(host, path)) !== 200;) {
      if (Date.now() > limit) throw new Error(`${host} at port ${port} answered ${status} for a minute`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    asker.close();
  }
}

/** Asks at a Unix socket; the text of the answer. @throws Error when it is not 200 */
export function askSocket(socketPath: string, options: http.RequestOptions, body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${options.path} answered ${response.statusCode}: ${text}`));
      });
    });
    request.on('error', reject).end(body);
  });
}
