import { constants, createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { newSecure, type Secure } from './testing-api-server';
import { RawHttp2Server, type RawAnswer } from './testing-raw-http2';
import { Transport } from './transport';

let secure: Secure;
beforeAll(async () => void (secure = await newSecure()));

describe('HTTP/2 to an API server', () => {
  let server: Http2SecureServer;
  let transport: Transport;
  let connections: number;
  let asked: number;
  /** What comes of each request, from 1 on; the last goes for all that follow. */
  let answers: ((stream: ServerHttp2Stream) => void)[];

  beforeEach(async () => {
    connections = asked = 0;
    // Node's own 10 are less than the logs that nobody reads.
    server = createSecureServer({ ...secure, maxSessionMemory: 100 }, () => undefined);
    server.on('session', (session) => {
      connections++;
      session.on('error', () => undefined);
    });
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      answers[Math.min(asked++, answers.length - 1)]!(stream);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    transport = new Transport({
      server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      insecure: true,
      description: 'a test',
      kubectl: 'kubectl',
    });
  });
  afterEach(async () => {
    transport.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const whole = (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200 });
    stream.end('{"whole":true}');
  };
  /** Goes on for ever. */
  const begun = (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200 });
    stream.write('{"whole":');
  };
  const get = { method: 'GET', path: '/api' } as const;

  it('asks many things over one connection', async () => {
    answers = [whole];
    const requests = Array.from({ length: 200 }, () => transport.json(get));
    expect(await Promise.all(requests)).toEqual(requests.map(() => ({ whole: true })));
    expect({ connections, asked }).toEqual({ connections: 1, asked: 200 });
  });

  it('opens another when one has no room, so that what goes on for long keeps nothing from being sent', async () => {
    answers = [...Array.from({ length: 150 }, () => begun), whole];
    await Promise.all(Array.from({ length: 150 }, () => transport.stream(get)));
    expect(await transport.json(get)).toEqual({ whole: true });
    expect(connections).toBe(2);
  });

  it('takes no more of a connection than the server allows', async () => {
    server.updateSettings({ maxConcurrentStreams: 10 });
    answers = [whole, ...Array.from({ length: 25 }, () => begun), whole];
    await transport.json(get);
    for (let count = 0; count < 25; count++) await transport.stream(get);
    expect(await transport.json(get)).toEqual({ whole: true });
    expect(connections).toBe(3);
  });

  it('ends what is on its way over a connection that the server ends, and begins another', async () => {
    const finished = (stream: ServerHttp2Stream) => {
      stream.session?.close();
      whole(stream);
    };
    answers = [finished, whole];
    const creation = { method: 'POST', path: '/api', body: {} } as const;
    expect(await transport.json(creation)).toEqual({ whole: true });
    expect(await transport.json(creation)).toEqual({ whole: true });
    expect({ connections, asked }).toEqual({ connections: 2, asked: 2 });
  });

  it('reads on while nobody reads what a log has written', async () => {
    const large = 'x'.repeat(4_000_000);
    const unread = (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 200 });
      stream.write(large);
    };
    const read = (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 200 });
      stream.end(JSON.stringify(large));
    };
    answers = [unread, unread, unread, read];
    await Promise.all([1, 2, 3].map(() => transport.stream(get)));
    expect(await transport.json(get)).toBe(large);
  });

  it('sends nothing more over a connection on which an answer did not come', async () => {
    answers = [() => undefined, whole];
    await expect(transport.json({ ...get, idleMs: 50, once: true })).rejects.toThrow(
      'ETIMEDOUT, no answer for 50 ms',
    );
    expect(await transport.json(get)).toEqual({ whole: true });
    expect(connections).toBe(2);
  });

  it('ends a request that is given up, and keeps the connection', async () => {
    const giving = new AbortController();
    const ended = new Promise((resolve) => {
      answers = [(stream) => void (stream.on('close', resolve), giving.abort()), whole];
    });
    await expect(transport.json({ ...get, signal: giving.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await ended;
    expect(await transport.json(get)).toEqual({ whole: true });
    expect(connections).toBe(1);
  });
});

describe('HTTP/2 to an API server that ends before its answer is whole', () => {
  let server: RawHttp2Server;
  let transport: Transport;
  let answers: ((answer: RawAnswer) => void)[];

  beforeEach(async () => {
    server = new RawHttp2Server(secure, (answer) =>
      (answers.length > 1 ? answers.shift() : answers[0])!(answer),
    );
    transport = new Transport({
      server: await server.listen(),
      insecure: true,
      description: 'a test',
      kubectl: 'kubectl',
    });
  });
  afterEach(async () => {
    transport.close();
    await server.close();
  });

  const get = { method: 'GET', path: '/api' } as const;
  const creation = { method: 'POST', path: '/api', body: {} } as const;
  const whole = (answer: RawAnswer) => {
    answer.head();
    answer.data('{"whole":', { last: false });
    answer.data('true}', { last: true });
  };

  it.each<[string, (answer: RawAnswer) => void]>([
    ['refuses it', (answer) => answer.reset(constants.NGHTTP2_REFUSED_STREAM)],
    ['has ended the connection before it', (answer) => answer.goAway(0)],
  ])('sends even a creation again when the server %s', async (_, refuse) => {
    answers = [refuse, whole];
    expect(await transport.json(creation)).toEqual({ whole: true });
    expect(server.asked).toBe(2);
  });

  it('sends many creations again when the server ends the connection while they are being sent', async () => {
    const ended = new Set<unknown>();
    const endFirst = (answer: RawAnswer) => {
      if (ended.size === 0) {
        ended.add(answer.socket);
        answer.goAway(0);
      } else if (!ended.has(answer.socket)) whole(answer);
    };
    answers = [endFirst];
    const requests = Array.from({ length: 60 }, async (_, index) => {
      // Some of them are handed over just when the server's word comes.
      for (let turn = 0; turn < index; turn++) await new Promise(setImmediate);
      return transport.json(creation);
    });
    expect(await Promise.all(requests)).toEqual(requests.map(() => ({ whole: true })));
  });

  describe.each<[string, (answer: RawAnswer) => void]>([
    ['the connection is closed', ({ socket }) => socket.end()],
    ['the connection is cut', ({ socket }) => socket.destroy()],
    ['the stream is given up', (answer) => answer.reset(constants.NGHTTP2_CANCEL)],
    ['the stream fails', (answer) => answer.reset(constants.NGHTTP2_INTERNAL_ERROR)],
  ])('when %s', (_, end) => {
    const begun = (answer: RawAnswer) => {
      answer.head();
      answer.data('{"whole":');
      setTimeout(() => end(answer), 20);
    };

    it('takes no part of an answer for the whole', async () => {
      answers = [begun, whole];
      expect(await transport.json(get)).toEqual({ whole: true });
      expect(server.asked).toBe(2);
      answers = [begun];
      await expect(transport.json(creation)).rejects.toThrow('the API server does not answer (ECONNRESET)');
      const read = async () => {
        for await (const part of await transport.stream(get)) expect(part.toString()).toBe('{"whole":');
      };
      await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
    });

    it('asks again when nothing of it came, but does nothing twice that must be done once', async () => {
      answers = [end, whole];
      expect(await transport.json(get)).toEqual({ whole: true });
      answers = [end];
      await expect(transport.json(creation)).rejects.toThrow('the API server does not answer (ECONNRESET)');
      expect(server.asked).toBe(3);
    });
  });
});
