import { createServer, request } from 'node:http';

/** Where the stand-in listens. Always the same, so that the node keeps one image of that name and not one a run. */
const port = 5998;

/** A registry that is away until it is opened; then it has what the local one has. */
export class LateRegistry {
  readonly name = `localhost:${port}`;
  readonly #server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const outgoing = request({ host: 'localhost', port: 5000, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });

  open(): Promise<void> {
    return new Promise((listening, failed) => {
      this.#server.once('error', failed).listen(port, 'localhost', listening);
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
