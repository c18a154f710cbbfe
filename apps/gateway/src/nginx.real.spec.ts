import { gatewayImage, TestGateway } from './testing-gateway';
import { requestsSuite } from './testing-requests-suite';
import { streamsSuite } from './testing-streams-suite';
import { tableSuite } from './testing-table-suite';

jest.setTimeout(30_000);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start(await gatewayImage());
}, 300_000);
afterAll(() => gateway?.remove());

describe("nginx's table", () => tableSuite(() => gateway));
describe("nginx's answers to requests", () => requestsSuite(() => gateway));
describe('what streams through nginx', () => streamsSuite(() => gateway));
