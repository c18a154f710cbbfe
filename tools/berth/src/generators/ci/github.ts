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

/** As much of GitHub's workflow syntax as is written here. */
interface Workflow {
  name: string;
  on: {
    push: { branches: string[] };
    pull_request: { types: string[] };
    schedule: { cron: string }[];
  };
  permissions: Record<string, 'read' | 'write'>;
  env: Record<string, string>;
  jobs: Record<string, WorkflowJob>;
}

interface WorkflowJob {
  name: string;
  needs?: string;
  if: string;
  'runs-on': string;
  concurrency?: { group: string; 'cancel-in-progress': boolean };
  environment?: { name: string; url: string };
  steps: WorkflowStep[];
}

type WorkflowStep = { name: string; env?: Record<string, string>; id?: string } & (
  { run: string } | { uses: string; with: Record<string, string | number | boolean> }
);

/** Forked pull requests get no secrets, so that they are not deployed. */
const ofThisRepository = 'github.event.pull_request.head.repo.full_name == github.repository';
const isOpen = "github.event_name == 'pull_request' && github.event.action != 'closed'";
const isClosed = "github.event_name == 'pull_request' && github.event.action == 'closed'";
const base = '$BASE';

/** The workflow of GitHub Actions. */
export function githubWorkflow(pipeline: Pipeline): Workflow {
  const { environment, mainBranch, runner } = pipeline;
  const job = (name: string, condition: string, rest: Omit<WorkflowJob, 'name' | 'if' | 'runs-on'>) => ({
    name,
    if: condition,
    'runs-on': runner ?? 'ubuntu-latest',
    ...rest,
  });
  const start = (ref?: string) => startSteps(pipeline, ref);
  const publish = [install, ...imageSteps(pipeline, base), ...clusterSteps(pipeline)].map(runStep);
  const preview = {
    concurrency: { group: 'berth-pr-${{ github.event.number }}', 'cancel-in-progress': false },
    environment: { name: 'pr-${{ github.event.number }}', url: '${{ steps.address.outputs.url }}' },
  };
  // A runner of one's own must not run what strangers send.
  const strangers = runner === undefined ? '' : ` && ${ofThisRepository}`;
  return {
    name: 'Berth',
    on: {
      push: { branches: [mainBranch] },
      pull_request: { types: ['opened', 'reopened', 'synchronize', 'closed'] },
      schedule: [{ cron: '23 * * * *' }],
    },
    permissions: { contents: 'read' },
    env: {
      // Empty on the main branch, where everything is checked.
      BASE: '${{ github.event.pull_request.base.sha }}',
      PREVIEW: 'pr-${{ github.event.number }}',
    },
    jobs: {
      check: job('Check', `github.event_name == 'push' || (${isOpen}${strangers})`, {
        steps: [...start(), ...checkSteps(pipeline, base).map(runStep)],
      }),
      deploy: job('Deploy', "github.event_name == 'push'", {
        needs: 'check',
        concurrency: { group: `berth-${environment}`, 'cancel-in-progress': false },
        environment: { name: environment, url: '${{ steps.address.outputs.url }}' },
        steps: [...start(), ...publish, runStep(deployStep(pipeline)), addressStep],
      }),
      preview: job('Preview', `${isOpen} && ${ofThisRepository}`, {
        needs: 'check',
        ...preview,
        steps: [...start(), ...publish, ...previewSteps(pipeline).map(runStep), addressStep],
      }),
      remove: job('Remove the preview', `${isClosed} && ${ofThisRepository}`, {
        concurrency: preview.concurrency,
        steps: [
          // The merge commit of a closed pull request may be gone.
          ...start('${{ github.event.repository.default_branch }}'),
          ...[install, ...clusterSteps(pipeline), removeStep(pipeline)].map(runStep),
        ],
      }),
      expire: job('Remove what has expired', "github.event_name == 'schedule'", {
        steps: [...start(), ...[install, ...clusterSteps(pipeline), expireStep(pipeline)].map(runStep)],
      }),
    },
  };
}

function startSteps({ node }: Pipeline, ref: string | undefined): WorkflowStep[] {
  return [
    {
      name: 'Check out',
      uses: 'actions/checkout@v5',
      // The whole history, to be compared with.
      with: { 'fetch-depth': 0, 'persist-credentials': false, ...(ref !== undefined && { ref }) },
    },
    { name: 'Node', uses: 'actions/setup-node@v5', with: { 'node-version': node, cache: 'npm' } },
  ];
}

function runStep({ name, command, secrets = [] }: Step): WorkflowStep {
  const env = Object.fromEntries(secrets.map((secret) => [secret, `\${{ secrets.${secret} }}`]));
  return { name, ...(secrets.length > 0 && { env }), run: command };
}

const addressStep: WorkflowStep = {
  name: 'Address',
  id: 'address',
  run: `echo "url=$(${printAddress})" >> "$GITHUB_OUTPUT"`,
};
