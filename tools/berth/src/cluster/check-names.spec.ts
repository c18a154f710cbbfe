import { UserError } from '@berth/model';
import { checkNames } from './check-names';
import { namesFor, recordsFor } from './dns-records';
import type { Target } from './outer-address';
import type { NameResolver, Resolved } from './resolver';

describe('namesFor', () => {
  it('is one wildcard for each domain, and each host that none of them covers', () => {
    const environments = [
      { name: 'staging', domain: 'example.com' },
      { name: 'prod', domain: 'example.com' },
      { name: 'admin', domain: 'localhost' },
    ];
    const claims = [
      { host: 'web-staging.example.com', environment: 'staging' },
      { host: 'desk.example.com', environment: 'prod' },
      { host: 'example.com', environment: 'prod' },
      { host: 'a.b.example.com', environment: 'prod' },
      { host: 'monitoring-admin.localhost', environment: 'admin' },
    ];
    expect(namesFor(environments, claims)).toEqual([
      { name: '*.example.com', environments: ['prod', 'staging'] },
      { name: '*.localhost', environments: ['admin'] },
      { name: 'example.com', environments: ['prod'] },
      { name: 'a.b.example.com', environments: ['prod'] },
    ]);
  });
});

describe('recordsFor', () => {
  it('has a record for each address, and another name for a load balancer that has one', () => {
    expect(recordsFor('*.example.com', [{ ip: '203.0.113.7' }, { ip: '2001:db8::7' }])).toEqual([
      { name: '*.example.com', type: 'A', value: '203.0.113.7' },
      { name: '*.example.com', type: 'AAAA', value: '2001:db8::7' },
    ]);
    expect(recordsFor('*.example.com', [{ host: 'x.elb.amazonaws.com' }])).toEqual([
      { name: '*.example.com', type: 'CNAME', value: 'x.elb.amazonaws.com' },
    ]);
    expect(recordsFor('*.example.com', [])).toEqual([]);
  });
});

describe('checkNames', () => {
  /** A DNS of these names; `fails` is one that no server has an answer for. */
  class Names implements NameResolver {
    readonly asked: string[] = [];
    constructor(private readonly names: Record<string, Partial<Resolved>>) {}
    async resolve(name: string): Promise<Resolved> {
      this.asked.push(name);
      if (name.endsWith('fails')) throw new UserError(`DNS does not say where ${name} leads: ESERVFAIL.`);
      const parent = `*${name.slice(name.indexOf('.'))}`;
      return { aliases: [], addresses: [], ...(this.names[name] ?? this.names[parent]) };
    }
  }
  const check = async (name: string, targets: Target[], names: Record<string, Partial<Resolved>>) => {
    const dns = new Names(names);
    const [checked] = await checkNames([{ name, environments: ['staging'] }], targets, dns, () => 'random');
    return { ...checked, asked: dns.asked };
  };
  const ip = [{ ip: '203.0.113.7' }];
  const host = [{ host: 'Balancer.example.net' }];
  const wildcard = '*.example.com';

  it('asks for a label that nobody has a record of', async () => {
    expect((await check(wildcard, ip, {})).asked).toEqual(['random.example.com']);
  });

  it.each<[string, Target[], Record<string, Partial<Resolved>>, string, string[]]>([
    ['the address', ip, { [wildcard]: { addresses: ['203.0.113.7'] } }, 'right', ['203.0.113.7']],
    [
      'one of several nodes',
      [...ip, { ip: '203.0.113.8' }],
      { [wildcard]: { addresses: ['203.0.113.8'] } },
      'right',
      ['203.0.113.8'],
    ],
    ['another address', ip, { [wildcard]: { addresses: ['198.51.100.1'] } }, 'wrong', ['198.51.100.1']],
    [
      'the address and another one',
      ip,
      { [wildcard]: { addresses: ['203.0.113.7', '198.51.100.1'] } },
      'wrong',
      ['203.0.113.7', '198.51.100.1'],
    ],
    ['nothing', ip, {}, 'missing', []],
    [
      "the load balancer's name",
      host,
      {
        [wildcard]: { aliases: ['balancer.example.net.'] },
        'Balancer.example.net': { addresses: ['203.0.113.9'] },
      },
      'right',
      ['balancer.example.net.'],
    ],
    [
      'the addresses that the name of the load balancer has now',
      host,
      {
        [wildcard]: { addresses: ['203.0.113.9'] },
        'Balancer.example.net': { addresses: ['203.0.113.9', '203.0.113.10'] },
      },
      'right',
      ['203.0.113.9'],
    ],
    [
      'another name',
      host,
      { [wildcard]: { aliases: ['old.example.net'], addresses: ['198.51.100.1'] } },
      'wrong',
      ['old.example.net', '198.51.100.1'],
    ],
    [
      'this machine, as Docker Desktop has it',
      [{ host: 'localhost' }],
      { [wildcard]: { addresses: ['127.0.0.1'] } },
      'right',
      ['127.0.0.1'],
    ],
    [
      'somewhere, while the gateway is nowhere',
      [],
      { [wildcard]: { addresses: ['198.51.100.1'] } },
      'unknown',
      ['198.51.100.1'],
    ],
  ])('leads to %s', async (_where, targets, names, state, leadsTo) => {
    expect(await check(wildcard, targets, names)).toMatchObject({ state, leadsTo });
  });

  it('asks nobody about names below localhost', async () => {
    expect(await check('*.localhost', ip, {})).toMatchObject({ state: 'needless', records: [], asked: [] });
  });

  it('says why nothing is known, and still which record to make', async () => {
    expect(await check('*.fails', ip, {})).toMatchObject({
      state: 'unknown',
      problem: 'DNS does not say where random.fails leads: ESERVFAIL.',
      records: [{ type: 'A', value: '203.0.113.7' }],
    });
    const unknown = { [wildcard]: { addresses: ['203.0.113.9'] } };
    expect(await check(wildcard, [{ host: 'balancer.fails' }], unknown)).toMatchObject({ state: 'unknown' });
  });
});
