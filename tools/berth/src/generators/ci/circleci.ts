import {
  commands,
  Config,
  executors,
  Job,
  logic,
  mapping,
  workflow,
  Workflow,
} from '@circleci/circleci-config-sdk';
import type { Pipeline } from './pipeline';
import {
  checkSteps,
  clusterSteps,
  deployResult,
  deployStep,
  expireStep,
  imageSteps,
  install,
  previewSteps,
  printAddress,
  type Step,
} from './steps';

const base = '$BASE';
const isScheduled = logic.equal('scheduled_pipeline', '<< pipeline.trigger_source >>');

/** The configuration of CircleCI. It has no event for a closed pull request: there the ttl alone ends a preview. */
export function circleciConfig(pipeline: Pipeline): object {
  const { mainBranch } = pipeline;
  const publish = [install, ...imageSteps(pipeline, base), ...clusterSteps(pipeline)];
  const job = (name: string, steps: readonly Step[], first: readonly Step[] = []) =>
    new Job(
      name,
      executorOf(pipeline),
      [new commands.Checkout(), ...[...first, ...nodeSteps(pipeline), ...steps].map(runStep)],
      // On the main branch this is the commit itself, and everything is checked.
      { environment: { BASE: `origin/${mainBranch}` } },
    );
  const check = job('check', checkSteps(pipeline, base));
  const deploy = job('deploy', [...publish, deployStep(pipeline), address]).addStep(result);
  const preview = job(
    'preview',
    [...publish, ...previewSteps(pipeline), address, statusOfCommit],
    [previewName],
  ).addStep(result);
  const expire = job('expire', [install, ...clusterSteps(pipeline), expireStep(pipeline)]);
  const after = (of: Job, branches: { only?: string[]; ignore?: string[] }) =>
    new workflow.WorkflowJob(of, { requires: [check.name], filters: { branches } });
  return new Config(
    false,
    [check, deploy, preview, expire],
    [
      new Workflow(
        'berth',
        [check, after(deploy, { only: [mainBranch] }), after(preview, { ignore: [mainBranch] })],
        new logic.When(logic.not(isScheduled)),
      ),
      new Workflow('expire', [expire], new logic.When(isScheduled)),
    ],
  ).generate();
}

/** A machine, not a container: image tests reach the containers that they start. */
function executorOf({ runner }: Pipeline): executors.Executor {
  if (runner !== undefined) return new OwnRunner(runner as 'medium');
  return new executors.MachineExecutor('medium', 'ubuntu-2404:current');
}

/** A self-hosted runner; its label is a resource class of the organization's own, which the SDK has no type for. */
class OwnRunner extends executors.Executor {
  readonly generableType = mapping.GenerableType.MACHINE_EXECUTOR;
  readonly executorLiteral = 'machine';

  generateContents(): true {
    return true;
  }
}

function nodeSteps({ node, runner }: Pipeline): Step[] {
  if (runner !== undefined) return [];
  // What a step sets is gone in the next one, unless it is in this file.
  const load = `. /opt/circleci/.nvm/nvm.sh && nvm use ${node}`;
  return [
    {
      name: 'Node',
      command: `. /opt/circleci/.nvm/nvm.sh && nvm install ${node} && echo '${load} > /dev/null' >> "$BASH_ENV"`,
    },
  ];
}

function runStep({ name, command }: Step): commands.Run {
  return new commands.Run({ name, command });
}

/** CircleCI builds branches: only one with a pull request gets an environment, and none of a fork. */
const previewName: Step = {
  name: 'Pull request',
  command: `if [ -n "\${CIRCLE_PR_NUMBER:-}" ] || [ -z "\${CIRCLE_PULL_REQUEST:-}" ]; then
  echo 'No pull request from this repository itself: nothing is deployed.'
  circleci-agent step halt
else
  echo "export PREVIEW=pr-\${CIRCLE_PULL_REQUEST##*/}" >> "$BASH_ENV"
fi`,
};

const address: Step = { name: 'Address', command: `${printAddress} | tee .berth/address` };

/** Shows the address at the pull request where the project has a token for that. */
const statusOfCommit: Step = {
  name: 'Address at the commit',
  command: `if [ -n "\${GITHUB_TOKEN:-}" ]; then
  printf '{"state":"success","context":"berth","description":"%s","target_url":"%s"}' "$PREVIEW" "$(cat .berth/address)" |
    curl --fail --silent --show-error --output /dev/null --data @- \\
      --header "Authorization: Bearer $GITHUB_TOKEN" \\
      "https://api.github.com/repos/$CIRCLE_PROJECT_USERNAME/$CIRCLE_PROJECT_REPONAME/statuses/$CIRCLE_SHA1"
fi`,
};

const result = new commands.StoreArtifacts({ path: deployResult });
