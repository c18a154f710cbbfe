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

  it('counts none where nobody has asked anything', async () => {
    expect(await new RequestLog(join(folder, 'audit.log')).of('berth')).toBe(0);
  });
});
