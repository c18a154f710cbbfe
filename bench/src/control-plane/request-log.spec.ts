import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RequestLog } from './request-log';

describe('the log of requests', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'berth-requests-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const line = (auditID: string, username: string, stage: string) =>
    `${JSON.stringify({ auditID, user: { username }, stage })}\n`;

  it('counts the requests of one user, a watch once', async () => {
    const path = join(folder, 'audit.log');
    const lines = [
      line('1', 'berth', 'ResponseComplete'),
      line('2', 'helm', 'ResponseComplete'),
      line('3', 'berth', 'ResponseStarted'),
      line('3', 'berth', 'ResponseComplete'),
    ];
    writeFileSync(path, lines.join(''));
    expect(await new RequestLog(path).of('berth')).toBe(2);
  });

  it('counts them by kind, those that are a trial apart', async () => {
    const path = join(folder, 'audit.log');
    const event = (auditID: string, verb: string, requestURI: string, objectRef?: object) =>
      `${JSON.stringify({ auditID, user: { username: 'berth' }, verb, requestURI, objectRef })}\n`;
    const pods = { resource: 'pods', subresource: 'log' };
    const lines = [
      event('1', 'get', '/api/v1?timeout=1s'),
      event('2', 'create', '/api/v1/namespaces/a/services', { resource: 'services' }),
      event('3', 'create', '/api/v1/namespaces/a/services?dryRun=All', { resource: 'services' }),
      event('4', 'get', '/api/v1/namespaces/a/pods/b/log', pods),
      event('5', 'get', '/api/v1/namespaces/a/pods/c/log', pods),
    ];
    writeFileSync(path, lines.join(''));
    expect(Object.fromEntries(await new RequestLog(path).byKind('berth'))).toEqual({
      'get /api/v1': 1,
      'create services': 1,
      'create services, dry run': 1,
      'get pods/log': 2,
    });
  });

  it('counts none where nobody has asked anything', async () => {
    expect(await new RequestLog(join(folder, 'audit.log')).of('berth')).toBe(0);
  });
});
