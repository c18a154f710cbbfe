import type { Pipeline } from './pipeline';
import {
  checkSteps,
  clusterSteps,
  deployStep,
  expireStep,
  imageSteps,
  install,
  previewSteps,
  printAddress,
  removeStep,
  type Step,
} from './steps';

/** As much of GitLab's syntax as is written here. */
interface GitlabJob {
  stage: string;
  script: string[];
  rules: { if: string; when?: 'manual'; allow_failure?: boolean }[];
  before_script?: string[];
  variables?: Record<string, string>;
  needs?: string[];
  resource_group?: string;
  environment?: {
    name: string;
    url?: string;
    on_stop?: string;
    action?: 'stop';
    auto_stop_in?: string;
  };
  artifacts?: { reports: { dotenv: string } };
}

/** Beside its jobs. */
interface GitlabSettings {
  stages: string[];
  variables: Record<string, string>;
  default: { image?: string; tags?: string[] };
}

const schedule = '$CI_PIPELINE_SOURCE == "schedule"';
const mergeRequest = '$CI_PIPELINE_SOURCE == "merge_request_event"';
/** A pipeline for a fork would run its code with this project's variables. */
const ofThisProject = `${mergeRequest} && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID`;
/** Nothing on the main branch, where everything is checked. */
const base = '$CI_MERGE_REQUEST_DIFF_BASE_SHA';
const addressFile = '.berth/address.env';

/** The pipeline of GitLab CI. */
export function gitlabPipeline(pipeline: Pipeline): GitlabSettings & Record<string, unknown> {
  const { environment, mainBranch, node, runner, ttl } = pipeline;
  const push = `$CI_COMMIT_BRANCH == "${mainBranch}" && $CI_PIPELINE_SOURCE != "schedule"`;
  const engine = runner === undefined ? { before_script: startEngine } : {};
  const publish = [install, ...imageSteps(pipeline, base), ...clusterSteps(pipeline)];
  const address = `echo "ADDRESS=$(${printAddress})" > ${addressFile}`;
  const reported = { artifacts: { reports: { dotenv: addressFile } } };
  const preview = { name: 'pr-$CI_MERGE_REQUEST_IID' };
  const variables = { PREVIEW: preview.name };
  const jobs: Record<string, GitlabJob> = {
    check: {
      stage: 'check',
      rules: [{ if: push }, { if: runner === undefined ? mergeRequest : ofThisProject }],
      script: commands(checkSteps(pipeline, base)),
    },
    deploy: {
      stage: 'deploy',
      rules: [{ if: push }],
      resource_group: environment,
      environment: { name: environment, url: '$ADDRESS' },
      ...engine,
      script: [...commands([...publish, deployStep(pipeline)]), address],
      ...reported,
    },
    preview: {
      stage: 'deploy',
      rules: [{ if: ofThisProject }],
      resource_group: preview.name,
      variables,
      environment: {
        ...preview,
        url: '$ADDRESS',
        on_stop: 'remove',
        auto_stop_in: inWords(ttl),
      },
      ...engine,
      script: [...commands([...publish, ...previewSteps(pipeline)]), address],
      ...reported,
    },
    remove: {
      stage: 'deploy',
      // GitLab starts it when the merge request is merged or closed, or auto_stop_in is over.
      rules: [{ if: ofThisProject, when: 'manual', allow_failure: true }],
      needs: [],
      resource_group: preview.name,
      variables,
      environment: { ...preview, action: 'stop' },
      script: commands([install, ...clusterSteps(pipeline), removeStep(pipeline)]),
    },
    expire: {
      stage: 'deploy',
      rules: [{ if: schedule }],
      script: commands([install, ...clusterSteps(pipeline), expireStep(pipeline)]),
    },
  };
  return {
    stages: ['check', 'deploy'],
    // The whole history, to be compared with.
    variables: { GIT_DEPTH: '0' },
    default: runner === undefined ? { image: `node:${node}-bookworm` } : { tags: [runner] },
    ...jobs,
  };
}

function commands(steps: readonly Step[]): string[] {
  return steps.map(({ command }) => command);
}

/**
 * An engine in the job's own container, so that image tests reach the containers that they start: those of a service
 * `docker:dind` have addresses that only the service knows.
 */
const startEngine = [
  'apt-get update && apt-get install --yes --no-install-recommends docker.io iptables',
  // The builds folder is a volume, on which the engine can lay layers over each other.
  'dockerd --data-root="$CI_BUILDS_DIR/.docker" > /tmp/dockerd.log 2>&1 &',
  "timeout 60 sh -c 'until docker info; do sleep 1; done' > /tmp/docker.log 2>&1 || { cat /tmp/dockerd.log; exit 1; }",
];

const units = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days', w: 'weeks' };

/** A duration as GitLab writes it: `3d` is `3 days`. */
function inWords(duration: string): string {
  return `${duration.slice(0, -1)} ${units[duration.slice(-1) as keyof typeof units]}`;
}
