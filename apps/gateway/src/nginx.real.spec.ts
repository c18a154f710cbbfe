import { asideSuite } from './testing-aside-suite';
import { gatewayImage, TestGateway } from './testing-gateway';
import { keptConnectionsSuite } from './testing-kept-connections-suite';
import { metricsSuite } from './testing-metrics-suite';
import { pagesSuite } from './testing-pages-suite';
import { requestsSuite } from './testing-requests-suite';
import { streamsSuite } from './testing-streams-suite';
import { tableSuite } from './testing-table-suite';
import { certificatesSuite } from './testing-certificates-suite';
import { tlsSuite } from './testing-tls-suite';

jest.setTimeout(30_000);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start(await gatewayImage());
}, 300_000);
afterAll(() => gateway?.remove());

describe("nginx's table", () => tableSuite(() => gateway));
describe("nginx's answers to requests", () => requestsSuite(() => gateway));
describe('connections that nginx keeps to endpoints', () => keptConnectionsSuite(() => gateway));
describe('endpoints that cannot be reached', () => asideSuite(() => gateway));
describe("nginx's pages", () => pagesSuite(() => gateway));
describe("nginx's metrics", () => metricsSuite(() => gateway));
describe('what streams through nginx', () => streamsSuite(() => gateway));
describe("nginx's certificates", () => certificatesSuite(() => gateway));
describe('what goes through nginx over TLS', () => tlsSuite(() => gateway));
