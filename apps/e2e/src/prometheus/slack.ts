import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { until } from '@berth/exec/src/testing-until';

interface Attachment {
  title: string;
  text: string;
  color: string;
}

interface Message {
  attachments: Attachment[];
}

/** Stands in for Slack's incoming webhooks, and is as strict: a message of JSON, with text or attachments. */
export class Slack {
  readonly messages: Message[] = [];
  readonly #server = http.createServer((request, response) => {
    this.#take(request).then(
      ([status, body]) => response.writeHead(status).end(body),
      () => response.writeHead(400).end('invalid_payload'),
    );
  });

  private constructor(private readonly address: string) {}

  static async start(address: string): Promise<Slack> {
    const slack = new Slack(address);
    await new Promise<void>((resolve) => slack.#server.listen(0, address, resolve));
    return slack;
  }

  get url(): string {
    return `http://${this.address}:${(this.#server.address() as AddressInfo).port}/services/T0/B0/secret`;
  }

  /** The first attachment whose title has all of these words, once it has come. */
  async said(...words: string[]): Promise<Attachment> {
    const find = (messages: readonly Message[]) =>
      messages
        .flatMap(({ attachments }) => attachments)
        .find(({ title }) => words.every((word) => title.includes(word)));
    const messages = await until(
      () => this.messages,
      (all) => find(all) !== undefined,
      20_000,
    );
    return find(messages)!;
  }

  async #take(request: http.IncomingMessage): Promise<[status: number, body: string]> {
    if (request.method !== 'POST' || request.url !== new URL(this.url).pathname) return [404, 'no_team'];
    const message = (await json(request)) as Partial<Message> & { text?: string };
    if (!message.text && !message.attachments?.length) return [400, 'no_text'];
    this.messages.push({ attachments: message.attachments ?? [] });
    return [200, 'ok'];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
