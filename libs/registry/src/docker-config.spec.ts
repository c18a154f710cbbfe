import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialsFromDockerConfig } from './docker-config';

describe('credentialsFromDockerConfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
  const path = join(folder, 'config.json');
  afterAll(() => rmSync(folder, { recursive: true }));
  const source = (auths: object) => {
    writeFileSync(path, JSON.stringify({ auths }));
    return credentialsFromDockerConfig(path);
  };
  const auth = Buffer.from('ana:a:b').toString('base64');

  it('reads what docker login wrote, a colon in the password included', () => {
    expect(source({ 'ghcr.io': { auth } })('ghcr.io')).toEqual({ user: 'ana', password: 'a:b' });
  });

  it("finds Docker Hub's login under its old address", () => {
    expect(source({ 'https://index.docker.io/v1/': { auth } })('docker.io')).toEqual({
      user: 'ana',
      password: 'a:b',
    });
  });

  it("gives nothing for a registry that has no login, nor another registry's", () => {
    expect(source({ 'ghcr.io': { auth } })('localhost:5000')).toBeUndefined();
    expect(credentialsFromDockerConfig(join(folder, 'none'))('ghcr.io')).toBeUndefined();
  });

  it('names the file that is no JSON', () => {
    writeFileSync(path, '{');
    expect(() => credentialsFromDockerConfig(path)('a')).toThrow(`${path} is no JSON`);
  });
});
