/* Only tests use this: gRPC through the gateway, with gRPC's own library at both ends. */
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type CallOptions,
  type ClientReadableStream,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServiceError,
} from '@grpc/grpc-js';
import { once } from 'node:events';
import { routeTo } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { until } from './testing-until';

const SIZE = 16 * 1024 * 1024;
const LIMITS = { 'grpc.max_receive_message_length': 2 * SIZE, 'grpc.max_send_message_length': 2 * SIZE };
const same = (bytes: Buffer): Buffer => bytes;
const bytesOf = (value: unknown): Buffer => Buffer.from(String(value));

function method(name: string, requestStream: boolean, responseStream: boolean) {
  const path = `/desk.Prices/${name}`;
  return {
    ...{ path, requestStream, responseStream },
    ...{
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  };
}
const SERVICE = {
  once: method('Once', false, false),
  gather: method('Gather', true, false),
  spread: method('Spread', false, true),
  talk: method('Talk', true, true),
};

/** A gRPC server in which each kind of call is as plain as it can be. */
class Desk {
  readonly server = new Server(LIMITS);
  /** Calls whose client has gone away. */
  cancelled = 0;
  address = '';

  async start(host: string): Promise<this> {
    /** Sends back the bytes, the metadata and trailers; or the error that the metadata asks for. */
    const single: handleUnaryCall<Buffer, Buffer> = (call, answer) => {
      if (call.metadata.get('hang').length) return void call.on('cancelled', () => this.cancelled++);
      const [code] = call.metadata.get('fail-with');
      const headers = new Metadata();
      for (const key of ['x-text', 'x-many', 'x-bytes-bin'])
        for (const value of call.metadata.get(key)) headers.add(key, value);
      call.sendMetadata(headers);
      const trailers = new Metadata();
      trailers.set('x-trailer', 'at the end');
      trailers.set('x-trailer-bin', Buffer.of(0, 1, 254, 255));
      if (code === undefined) return answer(null, call.request, trailers);
      answer({ code: Number(code), details: 'kurz: 5 % größer\n', metadata: trailers });
    };
    const gather: handleClientStreamingCall<Buffer, Buffer> = (call, answer) => {
      const pieces: Buffer[] = [];
      call.on('data', (piece: Buffer) => pieces.push(piece));
      call.on('end', () => answer(null, bytesOf(pieces.map(String).join('+'))));
    };
    const spread: handleServerStreamingCall<Buffer, Buffer> = (call) => {
      call.on('cancelled', () => this.cancelled++);
      const count = Number(call.request.toString());
      for (let index = 0; index < count; index++) call.write(bytesOf(index));
      if (Number.isFinite(count)) call.end();
    };
    const talk: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
      call.on('cancelled', () => this.cancelled++);
      call.on('data', (piece: Buffer) => call.write(piece));
      call.on('end', () => call.end());
    };
    this.server.addService(SERVICE, { once: single, gather, spread, talk });
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, found) =>
        error ? reject(error) : resolve(found),
      ),
    );
    this.address = `${host}:${port}`;
    return this;
  }
}

export function grpcSuite(gateway: () => TestGateway): void {
  const HOST = 'grpc-desk.localhost';
  let desk: Desk;
  let client: Client;
  const clients: Client[] = [];

  const clientOf = (host: string): Client => {
    const options = { ...LIMITS, 'grpc.default_authority': host };
    const made = new Client(`127.0.0.1:${gateway().httpPort}`, credentials.createInsecure(), options);
    clients.push(made);
    return made;
  };

  beforeAll(async () => {
    desk = await new Desk().start(gateway().hostAddress);
    await gateway().change({
      [HOST]: routeTo([desk.address], { protocol: 'grpc' }),
      'grpc-nobody.localhost': routeTo([], { protocol: 'grpc' }),
    });
    client = clientOf(HOST);
  });
  afterEach(() => (desk.cancelled = 0));
  afterAll(() => {
    for (const one of clients) one.close();
    desk.server.forceShutdown();
  });

  interface Single {
    answer: Buffer | undefined;
    error: ServiceError | null;
    headers: Metadata | undefined;
    trailers: Metadata | undefined;
  }

  function call(
    by: Client,
    bytes: Buffer,
    metadata = new Metadata(),
    options: CallOptions = {},
  ): Promise<Single> {
    return new Promise((resolve) => {
      let headers: Metadata | undefined;
      const done = (error: ServiceError | null, answer?: Buffer): void => {
        // The status, which has the trailers, comes after the callback.
        made.once('status', ({ metadata: trailers }) => resolve({ answer, error, headers, trailers }));
      };
      const made = by.makeUnaryRequest(SERVICE.once.path, same, same, bytes, metadata, options, done);
      made.on('metadata', (found) => (headers = found));
    });
  }

  const codeOf = async (by: Client, metadata?: Metadata, options?: CallOptions): Promise<number> =>
    (await call(by, bytesOf('x'), metadata, options)).error?.code ?? status.OK;

  async function all(stream: ClientReadableStream<Buffer>): Promise<string[]> {
    const pieces: string[] = [];
    for await (const piece of stream) pieces.push(String(piece));
    return pieces;
  }

  it('calls once, with metadata and trailers of text and bytes', async () => {
    const metadata = new Metadata();
    metadata.set('x-text', 'a, b; "c"');
    metadata.add('x-many', 'one');
    metadata.add('x-many', 'two');
    metadata.set('x-bytes-bin', Buffer.of(0, 10, 13, 255));
    const { answer, error, headers, trailers } = await call(client, Buffer.of(0, 1, 2, 255), metadata);
    expect([error, answer]).toEqual([null, Buffer.of(0, 1, 2, 255)]);
    expect(headers?.get('x-text')).toEqual(['a, b; "c"']);
    expect(headers?.get('x-many').join(', ')).toBe('one, two');
    expect(headers?.get('x-bytes-bin')).toEqual([Buffer.of(0, 10, 13, 255)]);
    expect(trailers?.get('x-trailer')).toEqual(['at the end']);
    expect(trailers?.get('x-trailer-bin')).toEqual([Buffer.of(0, 1, 254, 255)]);
  });

  it('streams of the client', async () => {
    const answer = await new Promise((resolve, reject) => {
      const stream = client.makeClientStreamRequest(SERVICE.gather.path, same, same, (error, found) =>
        error ? reject(error) : resolve(String(found)),
      );
      for (const piece of ['a', '', 'c']) stream.write(bytesOf(piece));
      stream.end();
    });
    expect(answer).toBe('a++c');
  });

  it('streams of the endpoint', async () => {
    const stream = client.makeServerStreamRequest(SERVICE.spread.path, same, same, bytesOf(500));
    expect(await all(stream)).toEqual(Array.from({ length: 500 }, (_, index) => String(index)));
  });

  it('talks both ways, each message before the next', async () => {
    const stream = client.makeBidiStreamRequest(SERVICE.talk.path, same, same);
    for (const piece of ['first', '', 'third']) {
      stream.write(bytesOf(piece));
      expect(String((await once(stream, 'data'))[0])).toBe(piece);
    }
    stream.end();
    stream.resume();
    expect((await once(stream, 'status'))[0]).toMatchObject({ code: status.OK });
  });

  it('hands on every error with its text and trailers', async () => {
    for (let code = 1; code <= 16; code++) {
      const metadata = new Metadata();
      metadata.set('fail-with', String(code));
      const { error } = await call(client, bytesOf('x'), metadata);
      expect(error).toMatchObject({ code, details: 'kurz: 5 % größer\n' });
      expect(error?.metadata.get('x-trailer-bin')).toEqual([Buffer.of(0, 1, 254, 255)]);
    }
    const unknown = client.makeServerStreamRequest('/desk.Prices/Nothing', same, same, bytesOf('x'));
    await expect(all(unknown)).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('tells the endpoint when the deadline is over, and when the client has cancelled', async () => {
    const metadata = new Metadata();
    metadata.set('hang', 'yes');
    const deadline = Date.now() + 200;
    expect(await codeOf(client, metadata, { deadline })).toBe(status.DEADLINE_EXCEEDED);
    await until(() => desk.cancelled === 1);
    const spread = client.makeServerStreamRequest(SERVICE.spread.path, same, same, bytesOf('many'));
    const talk = client.makeBidiStreamRequest(SERVICE.talk.path, same, same);
    const ended = Promise.all([spread, talk].map((stream) => once(stream, 'error')));
    talk.write(bytesOf('x'));
    await once(talk, 'data');
    spread.cancel();
    talk.cancel();
    for (const [error] of await ended) expect(error).toMatchObject({ code: status.CANCELLED });
    await until(() => desk.cancelled === 3);
  });

  it('carries messages of 16 MB both ways', async () => {
    const bytes = Buffer.alloc(SIZE, 'price ');
    const { answer, error } = await call(client, bytes);
    expect([error, answer?.equals(bytes)]).toEqual([null, true]);
  });

  it('loses none of 1,200 calls over one channel, though nginx ends a connection after 1,000', async () => {
    const codes: number[] = [];
    let left = 1200;
    const callers = Array.from({ length: 150 }, async () => {
      while (left-- > 0) codes.push(await codeOf(client));
    });
    await Promise.all(callers);
    expect([codes.length, codes.filter((code) => code !== status.OK)]).toEqual([1200, []]);
  }, 60_000);

  it('answers by itself in a way that gRPC understands', async () => {
    expect(await codeOf(clientOf('grpc-nobody.localhost'))).toBe(status.UNAVAILABLE);
    expect(await codeOf(clientOf('grpc-unknown.localhost'))).toBe(status.UNIMPLEMENTED);
  });

  it('tells the client when the endpoint dies in the middle of a stream, and goes on with the next', async () => {
    const dying = await new Desk().start(gateway().hostAddress);
    await gateway().change({
      'grpc-dying.localhost': routeTo([dying.address, desk.address], { protocol: 'grpc' }),
    });
    const own = clientOf('grpc-dying.localhost');
    const streams = [0, 1].map(() => own.makeBidiStreamRequest(SERVICE.talk.path, same, same));
    const errors: ServiceError[] = [];
    let answered = 0;
    for (const stream of streams) {
      stream.on('error', (error: ServiceError) => errors.push(error));
      stream.on('data', () => answered++);
      stream.write(bytesOf('x'));
    }
    await until(() => answered === 2, Boolean, 20_000);
    dying.server.forceShutdown();
    // While another stream of the connection stays open, nginx sends the reset with the connection's next frame.
    for (let round = 0; round < 4; round++) expect(await codeOf(own)).toBe(status.OK);
    await until(() => errors.length === 1, Boolean, 20_000);
    expect(errors[0]!.code).toBe(status.INTERNAL);
    for (const stream of streams) stream.cancel();
  });
}
