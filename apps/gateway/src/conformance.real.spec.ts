import { Bystander, hurtsNoBystander } from './testing-bystander';
import { routeTo } from './testing-endpoint';
import { gatewayImage, TestGateway } from './testing-gateway';
import { grpcSuite } from './testing-grpc-suite';
import { hostileEndpointsSuite } from './testing-hostile-endpoints-suite';
import { hostileTablesSuite } from './testing-hostile-tables-suite';
import { hostileTlsSuite } from './testing-hostile-tls-suite';
import { hostsSuite } from './testing-hosts-suite';
import { http2Reports, http2Suite, type Http2Reports } from './testing-http2-suite';
import { PlainNginx } from './testing-plain-nginx';
import { DrippingClients, slowClientsSuite } from './testing-slow-clients-suite';
import { smugglingSuite } from './testing-smuggling-suite';
import { stoppedBodiesSuite } from './testing-stopped-bodies-suite';
import { websocketsSuite } from './testing-websockets-suite';

jest.setTimeout(30_000);

let gateway: TestGateway;
let plain: PlainNginx;
let bystander: Bystander;
let dripping: DrippingClients;
/** Run beside the other tests, since they wait more than they compute. */
let http2: Promise<Http2Reports>;

beforeAll(async () => {
  const image = await gatewayImage();
  gateway = await TestGateway.start(image);
  await gateway.serve({});
  bystander = await Bystander.start(gateway);
  plain = await PlainNginx.start(image);
  await gateway.change({ '127.0.0.1': routeTo([plain.endpoint]) });
  dripping = new DrippingClients(gateway.httpPort, gateway.httpsPort);
  http2 = http2Reports(gateway, plain);
  http2.catch(() => undefined);
}, 300_000);
afterAll(async () => {
  dripping?.end();
  await http2?.catch(() => undefined);
  await bystander?.stop();
  await Promise.all([gateway?.remove(), plain?.remove()]);
}, 60_000);

hurtsNoBystander(() => bystander);
describe('requests that smuggle', () => smugglingSuite(() => gateway));
describe('hosts and sizes', () => hostsSuite(() => gateway));
describe('websockets', () => websocketsSuite(() => gateway));
describe('gRPC', () => grpcSuite(() => gateway));
describe('an endpoint that means harm', () => hostileEndpointsSuite(() => gateway));
describe('a table that means harm', () => hostileTablesSuite(() => gateway));
describe('clients that mean harm', () =>
  slowClientsSuite(
    () => gateway,
    () => dripping,
  ));
describe('bodies that stop', () => stoppedBodiesSuite(() => gateway));
describe('handshakes and certificates that mean harm', () => hostileTlsSuite(() => gateway));
describe('HTTP/2', () =>
  http2Suite(
    () => [gateway, plain],
    () => http2,
  ));
