import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { addressCheck } from './addresses';

/** What no endpoint may be, once more, in the words of Node; in one list `::ffff:0:0/96` would be every IPv4 address. */
const [never, neverOfIPv6] = [new BlockList(), new BlockList()];
for (const [prefix, length] of [
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
] as const)
  never.addSubnet(prefix, length, 'ipv4');
for (const [prefix, length] of [
  ['::1', 128],
  ['fe80::', 10],
  ['::', 128],
  ['ff00::', 8],
  ['::ffff:0:0', 96],
] as const)
  neverOfIPv6.addSubnet(prefix, length, 'ipv6');

const edges = [
  ...['126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0', '169.253.255.255', '169.254.0.0'],
  ...[
    '169.254.255.255',
    '169.255.0.0',
    '0.0.0.0',
    '0.255.255.255',
    '1.0.0.0',
    '223.255.255.255',
    '224.0.0.0',
  ],
  ...['239.255.255.255', '240.0.0.0', '255.255.255.254', '255.255.255.255', '10.0.0.1', '192.168.1.1'],
  ...['fe7f::', 'fe80::', 'febf::1', 'fec0::', '::', '::1', '::2', 'feff::', 'ff00::', '::ffff:10.0.0.1'],
];

describe('the check of an address', () => {
  it('refuses the same addresses as a block list does', () => {
    const check = addressCheck([]);
    const byBlockList = (address: string) =>
      isIP(address) === 4 ? never.check(address, 'ipv4') : neverOfIPv6.check(address, 'ipv6');
    for (const address of edges)
      expect([address, check(address) !== undefined]).toEqual([address, byBlockList(address)]);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        fc.pre(isIP(address) !== 0);
        expect(check(address) !== undefined).toBe(byBlockList(address));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    'localhost',
    '010.0.0.1',
    '10.0.0',
    '10.0.0.256',
    '1e1.0.0.1',
    'fe80::1%eth0',
    '10.0.0.1\n',
    '٣.0.0.1',
  ])('takes %j for no address', (text) => expect(addressCheck([])(text)).toBe('no IP address'));

  it('knows the API servers, however an IPv6 address is written', () => {
    const check = addressCheck(['10.96.0.1', 'fd00::6443', 'kubernetes.default']);
    expect(['10.96.0.1', 'fd00:0:0:0:0:0:0:6443', '10.96.0.2'].map(check)).toEqual([
      "an API server's address",
      "an API server's address",
      undefined,
    ]);
  });
});
