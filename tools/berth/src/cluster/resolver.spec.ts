import { dnsResolver } from './resolver';

it.each([['1.1.1.1'], ['127.0.0.1:5353'], ['2001:db8::1'], ['[2001:db8::1]:53']])('takes %s', (server) => {
  expect(() => dnsResolver([server])).not.toThrow();
});

it.each([['one.one.one.one'], [''], ['1.1.1'], ['[::1']])('refuses %j as a server', (server) => {
  expect(() => dnsResolver([server])).toThrow(`--dns must be IP addresses of DNS servers, not "${server}".`);
});
