import type { OrchestratorName } from './environment';
import { foreignFields } from './foreign-fields';
import { parseEnvironment, parseService } from './parse';
import { ModelError } from './problem';
import { resolveEnvironment } from './resolve-environment';

const root = 'deploy/environments/staging';
const taskRole = 'arn:aws:iam::123456789012:role/pricing';
const nodeFolders = [{ folder: '/srv/certificates', path: '/certificates' }];

/** What is said of a service with the fields, which are written in env.json. */
function said(orchestrator: OrchestratorName, fields: object): string[] {
  const environment = parseEnvironment(
    JSON.stringify({ orchestrator, projects: ['pricing'], services: { pricing: fields } }),
    { name: 'staging', root },
    { domain: 'localhost' },
  );
  const pricing = parseService('{}', 'apps/pricing/service.json', 'pricing');
  const problems = foreignFields(environment, resolveEnvironment(environment, [pricing]));
  return problems.map((problem) => new ModelError([problem]).message);
}

it('the role of a task is for ECS alone', () => {
  expect(said('kubernetes', { taskRole })).toEqual([
    `${root}/env.json at services.pricing.taskRole: has no effect on kubernetes: it is the role of a task of ECS (write it as services.pricing.taskRole in the env.json of an environment on ECS)`,
  ]);
  expect(said('swarm', { taskRole })).toHaveLength(1);
  expect(said('ecs', { taskRole })).toEqual([]);
});

it('folders of the nodes are for Swarm alone', () => {
  expect(said('kubernetes', { nodeFolders })).toEqual([
    `${root}/env.json at services.pricing.nodeFolders: is not to be had on kubernetes: folders of the nodes are for Swarm alone (write it as services.pricing.nodeFolders in the env.json of an environment on Swarm)`,
  ]);
  expect(said('ecs', { nodeFolders })).toHaveLength(1);
  expect(said('swarm', { nodeFolders })).toEqual([]);
});

it('both are told of at once', () => {
  expect(said('kubernetes', { taskRole, nodeFolders })).toHaveLength(2);
});
