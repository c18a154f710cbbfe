import { parseCluster } from './parse';
import { ModelError } from './problem';

const read = (document: object) =>
  parseCluster(JSON.stringify(document), { name: 'prod', root: 'deploy/clusters/prod' });
const gke = { provider: 'gke', project: 'desk-123', zone: 'europe-west1-b' };
const eks = { provider: 'eks', region: 'eu-central-1' };

function problems(document: object): string[] {
  try {
    read(document);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return error.problems.map(({ path, message, hint }) => `${path}: ${message}${hint ? ` (${hint})` : ''}`);
  }
  return [];
}

describe('a cluster of GKE', () => {
  it('needs a project and a zone, and has the rest filled in', () => {
    expect(read(gke)).toMatchObject({
      gke: {
        project: 'desk-123',
        location: 'europe-west1-b',
        isRegion: false,
        releaseChannel: 'regular',
        dockerHubMirror: false,
        gcloud: 'image',
        pool: { machineType: 'e2-standard-4', nodes: 3 },
      },
    });
    expect(read(gke)).not.toHaveProperty('eks');
  });

  it('takes the limits of its autoscaler', () => {
    expect(read({ ...gke, minNodes: 1, maxNodes: 10 }).gke?.pool).toEqual({
      machineType: 'e2-standard-4',
      nodes: 3,
      autoscaling: { min: 1, max: 10 },
    });
  });

  it('leaves the nodes to Google with Autopilot', () => {
    const { gke: settings } = read({
      provider: 'gke',
      project: 'desk-123',
      region: 'europe-west1',
      autopilot: true,
    });
    expect(settings).toMatchObject({ location: 'europe-west1', isRegion: true });
    expect(settings).not.toHaveProperty('pool');
  });
});

it('a cluster of EKS needs a region, and has the rest filled in', () => {
  expect(read(eks).eks).toEqual({ region: 'eu-central-1', pool: { machineTypes: ['t3.large'], nodes: 3 } });
  expect(
    read({ ...eks, profile: 'desk', version: '1.33', subnets: ['subnet-1a', 'subnet-2b'] }).eks,
  ).toMatchObject({ profile: 'desk', version: '1.33', subnets: ['subnet-1a', 'subnet-2b'] });
});

describe('fields of a cloud', () => {
  it.each<[string, object, string[]]>([
    [
      'nothing but the provider',
      { provider: 'gke' },
      [
        'project: is missing (see what there is: gcloud projects list)',
        'zone: is missing (for example "europe-west1-b")',
      ],
    ],
    ['no region', { provider: 'eks' }, ['region: is missing (for example "eu-central-1")']],
    [
      'zone and region',
      { ...gke, region: 'europe-west1' },
      ['region: excludes zone: a cluster is in a zone, or in a region'],
    ],
    [
      'Autopilot in a zone, with nodes',
      { ...gke, autopilot: true, nodes: 3 },
      [
        'zone: excludes autopilot, which is in a region (write "region": "europe-west1")',
        'nodes: excludes autopilot: Google chooses the nodes there',
      ],
    ],
    ['half of the limits', { ...gke, maxNodes: 3 }, ['minNodes: is missing: maxNodes needs it']],
    [
      'limits the wrong way round',
      { ...eks, minNodes: 5, maxNodes: 3 },
      ['maxNodes: must be at least 5, not 3'],
    ],
    [
      'nodes outside the limits',
      { ...eks, nodes: 12, minNodes: 1, maxNodes: 10 },
      ['nodes: must be from minNodes (1) to maxNodes (10), not 12'],
    ],
    [
      'fields of AWS on Google Cloud',
      { ...gke, machineTypes: ['t3.large'], profile: 'desk' },
      [
        'machineTypes: is a field of eks, not of gke (write "machineType", with one type)',
        'profile: is a field of eks, not of gke (remove it)',
      ],
    ],
    [
      'a zone on AWS',
      { ...eks, zone: 'europe-west1-b' },
      ['zone: is a field of gke, not of eks (write "region")'],
    ],
    [
      'nodes of a machine of one’s own',
      { provider: 'bare-metal', hosts: ['localhost'], nodes: 3 },
      ['nodes: is a field of gke and eks, not of bare-metal (remove it)'],
    ],
    [
      'values that are none',
      { ...gke, project: 'D', zone: 'europe', nodes: -1, releaseChannel: 'regullar' },
      [
        'project: must be a project\'s id: 6 to 30 lower-case letters, digits and hyphens, a letter first, not "D"',
        'zone: must be a zone, for example europe-west1-b, not "europe"',
        'nodes: must be a whole number from 0 to 15000, not -1',
        'releaseChannel: must be one of rapid, regular, stable, extended, not "regullar" (did you mean "regular"?)',
      ],
    ],
  ])('are refused: %s', (_, document, expected) => {
    expect(problems(document)).toEqual(expected);
  });
});
