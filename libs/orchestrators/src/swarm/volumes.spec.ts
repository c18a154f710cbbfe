import { execFileSync } from 'node:child_process';
import { archiveOf } from './volumes';

describe('archiveOf', () => {
  it('is an archive of one folder that belongs to the user', () => {
    const input = archiveOf('data', { uid: 70, gid: 71 });
    const listed = execFileSync('tar', ['--list', '--verbose', '--numeric-owner'], { input }).toString();
    expect(listed).toMatch(/^drwxrwx--- 70\/71 .* data\/\n$/);
  });
});
