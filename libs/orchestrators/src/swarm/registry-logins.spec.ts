import { RegistryLogins } from './registry-logins';

const loginsOf = (login: { user: string; password: string } | { identityToken: string } | undefined) =>
  new RegistryLogins({ find: async () => login, advice: () => '' });
const decoded = async (logins: RegistryLogins, image: string) => {
  const { 'X-Registry-Auth': header = '' } = await logins.headerFor(image);
  // dockerd reads nothing whose length is no multiple of four (Go's base64.URLEncoding).
  expect(header).toMatch(/^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/);
  return JSON.parse(Buffer.from(header, 'base64url').toString()) as unknown;
};

it.each(['a', 'ab', 'abc', 'üß>?'])('sends a login whole, whatever its length: %s', async (password) => {
  const image = 'registry.example.com/web:1';
  expect(await decoded(loginsOf({ user: 'ana', password }), image)).toEqual({
    username: 'ana',
    password,
    serveraddress: 'registry.example.com',
  });
});

it('knows Docker Hub by the name that docker has for it, and sends nothing where there is no login', async () => {
  expect(await decoded(loginsOf({ identityToken: 'token' }), 'nginx:1')).toEqual({
    identitytoken: 'token',
    serveraddress: 'https://index.docker.io/v1/',
  });
  expect(await loginsOf(undefined).headerFor('nginx:1')).toEqual({});
});
