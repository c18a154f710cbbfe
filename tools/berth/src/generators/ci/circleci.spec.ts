import { parseConfig } from '@circleci/circleci-config-parser';
import { circleciConfig } from './circleci';
import { pipeline } from './testing-pipeline';

interface CircleciConfig {
  jobs: Record<string, Record<string, unknown>>;
  workflows: Record<string, { jobs: unknown[] }>;
}

describe('the configuration of CircleCI', () => {
  const config = () => circleciConfig(pipeline) as CircleciConfig;

  it("is what CircleCI's own parser reads, and nothing gets lost", () => {
    const { workflows, ...rest } = config();
    // The parser knows no `when`.
    const jobs = Object.entries(workflows).map(([name, workflow]) => [name, { jobs: workflow.jobs }]);
    expect(parseConfig(config()).generate()).toEqual({ ...rest, workflows: Object.fromEntries(jobs) });
  });

  it.each([
    ['a job that is not there', (broken: CircleciConfig) => broken.workflows['berth']?.jobs.push('deplyo')],
    [
      'a step that is none',
      (broken: CircleciConfig) => Object.assign(broken.jobs['check']!, { steps: ['chekout'] }),
    ],
    ['a job without a machine', (broken: CircleciConfig) => delete broken.jobs['check']?.['machine']],
  ])('would be refused by it with %s', (_, breakIt) => {
    const broken = structuredClone(config());
    breakIt(broken);
    expect(() => parseConfig(broken)).toThrow();
  });

  it('deploys main alone, and makes environments of everything else', () => {
    const { berth, expire } = config().workflows;
    expect(berth?.jobs).toEqual([
      'check',
      { deploy: { requires: ['check'], filters: { branches: { only: ['main'] } } } },
      { preview: { requires: ['check'], filters: { branches: { ignore: ['main'] } } } },
    ]);
    expect(expire).toEqual({
      jobs: ['expire'],
      when: { equal: ['scheduled_pipeline', '<< pipeline.trigger_source >>'] },
    });
  });

  it('names a resource class of one’s own', () => {
    const { jobs } = circleciConfig({ ...pipeline, runner: 'acme/desk' }) as CircleciConfig;
    expect(jobs['check']).toMatchObject({ machine: true, resource_class: 'acme/desk' });
    expect(JSON.stringify(jobs)).not.toContain('nvm');
  });
});
