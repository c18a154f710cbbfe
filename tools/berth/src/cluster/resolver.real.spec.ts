import { dnsResolver } from './resolver';
import { TestingDns } from './testing-dns';

jest.setTimeout(60_000);

let dns: TestingDns;
beforeAll(async () => {
  dns = await TestingDns.start({
    'right.test': ['* IN A 192.0.2.7', '* IN AAAA 2001:db8::7', 'plain IN TXT "no address"'],
    'alias.test': ['* IN CNAME balancer.right.test.', 'chain IN CNAME other.alias.test.'],
  });
});
afterAll(() => dns.stop());

const resolve = (name: string) => dnsResolver([dns.server]).resolve(name);

it('finds the addresses of a wildcard, of both kinds', async () => {
  expect(await resolve('anything.right.test')).toEqual({
    aliases: [],
    addresses: ['192.0.2.7', '2001:db8::7'],
  });
});

it('finds what a name is another name of, whether or not the server follows it', async () => {
  expect((await resolve('anything.alias.test')).aliases).toEqual(['balancer.right.test']);
});

it('finds nothing of a name that is not there, or that has no address', async () => {
  const nothing = { aliases: [], addresses: [] };
  expect(await resolve('a.b.c.right.test')).toEqual({ aliases: [], addresses: ['192.0.2.7', '2001:db8::7'] });
  expect(await resolve('plain.right.test')).toEqual(nothing);
  const other = await TestingDns.start({ 'empty.test': [] });
  try {
    expect(await dnsResolver([other.server]).resolve('anything.empty.test')).toEqual(nothing);
  } finally {
    await other.stop();
  }
});

it('says that a server refuses to speak of a name, which is not that there is none', async () => {
  await expect(resolve('anything.example.com')).rejects.toMatchObject({
    message: `DNS (${dns.server}) does not say where anything.example.com leads: EREFUSED.`,
    hint: 'Ask another server: --dns=1.1.1.1',
  });
});

it('says that nobody answers', async () => {
  const gone = await TestingDns.start({ 'gone.test': [] });
  await gone.stop();
  await expect(dnsResolver([gone.server]).resolve('anything.gone.test')).rejects.toThrow(
    /does not say where anything\.gone\.test leads: (ECONNREFUSED|ETIMEOUT)\./,
  );
});
