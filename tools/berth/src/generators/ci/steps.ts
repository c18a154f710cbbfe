import { posix } from 'node:path';
import { quoteArgv } from '@berth/exec';
import type { Pipeline } from './pipeline';

/** One step of a pipeline: a line for a POSIX shell. */
export interface Step {
  name: string;
  command: string;
  /** Secrets of the system that it reads as variables of the environment. */
  secrets?: string[];
}

/** Of all that deploys, where the addresses are found afterwards. */
export const deployResult = '.berth/deploy.json';

/** Prints the first address of the last deploy. */
export const printAddress = `node -p "require('./${deployResult}').addresses[0] ?? ''"`;

export const install: Step = { name: 'Install', command: 'npm ci' };

function affected(target: string, base: string): string {
  return `npx nx run berth:affected --targets=${target} --base="${base}"`;
}

/**
 * What every commit goes through.
 * @param base what the shell gives for the commit to compare with; on the main branch nothing, for all of it
 */
export function checkSteps({ testCommand }: Pipeline, base: string): Step[] {
  return [
    install,
    { name: 'Generated files', command: 'npx nx sync:check' },
    ...(testCommand === undefined
      ? [
          { name: 'Lint', command: affected('lint', base) },
          { name: 'Test', command: affected('test', base) },
        ]
      : [{ name: 'Test', command: testCommand }]),
  ];
}

/** Builds, tests and pushes the images that the registry lacks. */
export function imageSteps({ registry }: Pipeline, base: string): Step[] {
  const login: Step = {
    name: 'Log in to the registry',
    command: `printf %s "$REGISTRY_PASSWORD" | docker login ${registry} --username "$REGISTRY_USER" --password-stdin`,
    secrets: ['REGISTRY_USER', 'REGISTRY_PASSWORD'],
  };
  return [
    ...(registry === undefined ? [] : [login]),
    { name: 'Images', command: affected('docker-push', base) },
  ];
}

/** The way to the cluster; to a Swarm, the runners have it. */
export function clusterSteps({ cluster, kubeconfig, orchestrator }: Pipeline): Step[] {
  if (orchestrator === 'swarm') return [];
  const name = 'Credentials of the cluster';
  if (kubeconfig === undefined) return [{ name, command: `npx nx credentials cluster-${cluster}` }];
  const file = quoteArgv([kubeconfig]);
  const folder = quoteArgv([posix.dirname(kubeconfig)]);
  const command = [
    ': "${BERTH_KUBECONFIG:?is not set: it is the kubeconfig in base64}"',
    `(umask 077 && mkdir -p ${folder} && printf %s "$BERTH_KUBECONFIG" | base64 --decode > ${file})`,
  ].join(' && ');
  return [{ name, command, secrets: ['BERTH_KUBECONFIG'] }];
}

/** Deploys the commit to the main branch's environment. */
export function deployStep({ environment }: Pipeline): Step {
  return { name: 'Deploy', command: `npx nx deploy ${environment} --json=${deployResult}` };
}

/** Deploys the commit to the environment that `$PREVIEW` names, which is made like that of the main branch. */
export function previewSteps({ environment, ttl, previewCommand }: Pipeline): Step[] {
  return [
    { name: 'Environment', command: `npx nx g env "$PREVIEW" --base=${environment} --ttl=${ttl}` },
    ...(previewCommand === undefined ? [] : [{ name: 'Preparation', command: previewCommand }]),
    { name: 'Deploy', command: `npx nx deploy "$PREVIEW" --json=${deployResult}` },
  ];
}

/** Destroys the environment that `$PREVIEW` names; its files are in no commit. */
export function removeStep(pipeline: Pipeline): Step {
  return {
    name: 'Destroy',
    command: `npx nx run berth:destroy --env="$PREVIEW" ${placeOf(pipeline)} --force`,
  };
}

/** Destroys every environment whose ttl is over. */
export function expireStep(pipeline: Pipeline): Step {
  return {
    name: 'Destroy what has expired',
    command: `npx nx run berth:destroy --expired ${placeOf(pipeline)} --force`,
  };
}

/** Of a cluster with several orchestrators, the pipeline has the way to its own one. */
function placeOf({ cluster, orchestrator, isOneOfSeveral }: Pipeline): string {
  return `--cluster=${cluster}${isOneOfSeveral ? ` --orchestrator=${orchestrator}` : ''}`;
}
