import http from 'node:http';
import https from 'node:https';
import type { SecureContext } from 'node:tls';
import { silence, type Answer, type Outgoing } from './exchange';

/** HTTP/1.1 to one server over kept-alive connections, each with one request at a time. */
export class Http1 {
  private readonly plain = new http.Agent(kept);
  private readonly secure: https.Agent;

  constructor(
    options: https.AgentOptions,
    private readonly secureContext: () => SecureContext,
  ) {
    this.secure = new https.Agent({ ...kept, ...options });
  }

  async send({ method, url, headers, payload, signal, idleMs }: Outgoing): Promise<Answer> {
    const options = { method, headers, timeout: idleMs, ...(signal ? { signal } : {}) };
    const send = () => {
      if (url.protocol === 'http:') return http.request(url, { ...options, agent: this.plain });
      // Node takes the context here too, which its types do not know.
      const secure = { ...options, agent: this.secure, secureContext: this.secureContext() };
      return https.request(url, secure);
    };
    const sent = send();
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject);
      sent.on('timeout', () => sent.destroy(silence(idleMs)));
      sent.end(payload);
    });
    return { status: response.statusCode ?? 500, headers: joined(response), body: bodyOf(response) };
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

const kept = { keepAlive: true, keepAliveMsecs: 30_000 };

async function* bodyOf(response: http.IncomingMessage): AsyncGenerator<Buffer> {
  for await (const chunk of response) yield chunk as Buffer;
}

function joined({ headersDistinct }: http.IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values]) => [name, values?.join(', ')]),
  );
}
