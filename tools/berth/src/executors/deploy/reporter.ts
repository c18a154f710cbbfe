import {
  nameOf,
  planLines,
  planSummary,
  type DeployEvent,
  type DeployStep,
  type WorkloadHealth,
} from '@berth/deploy';

const titles: Record<DeployStep, string> = {
  images: 'Ask the registry for the images',
  observe: 'See what is there',
  plan: 'Plan',
  preflight: 'Look for what would fail',
  build: 'Build, test and push what the registry lacks',
  lease: 'Take the lease',
  apply: 'Apply',
  healthy: 'Wait until everything is healthy',
  prune: 'Remove what the environment no longer has',
  record: 'Record',
};

/** Prints a deploy as it goes: each step with its time, the plan, and every change in the health of a workload. */
export class Reporter {
  #plan = '';
  readonly #health = new Map<string, string>();

  constructor(private readonly print: (line: string) => void) {}

  tell(event: DeployEvent): void {
    switch (event.kind) {
      case 'step':
        this.#step(event);
        return;
      case 'plan':
        this.#showPlan(event);
        return;
      case 'applied':
        if (event.change.action !== 'same')
          this.print(`    ${nameOf(event.change.object)}: ${event.change.action}`);
        return;
      case 'pruned':
        this.print(`    ${nameOf(event.change.object)}: removed`);
        return;
      case 'bringing back':
        this.print(`✗ ${event.failure.split('\n')[0]}`);
        this.print(`▸ Bring everything back to record ${event.record}`);
        return;
      case 'health':
        for (const workload of event.workloads) {
          const { object, state } = workload;
          const line = healthLine(workload);
          // A probe may print something else each second.
          const said = line.replace(/(probe failed).*/, '$1');
          const known = this.#health.get(nameOf(object));
          this.#health.set(nameOf(object), said);
          // What was healthy all along is not worth a line.
          if (said !== known && !(known === undefined && state === 'healthy')) this.print(`    ${line}`);
        }
        return;
      case 'notice':
        this.print(`    ${event.message}`);
    }
  }

  #step(event: Extract<DeployEvent, { kind: 'step' }>): void {
    const title = titles[event.step];
    if (event.state === 'started') this.print(`▸ ${title}`);
    else {
      const mark = event.state === 'finished' ? '✓' : '✗';
      this.print(`${mark} ${title}  (${(event.milliseconds / 1000).toFixed(1)} s)`);
    }
  }

  #showPlan({ changes, missingImages }: Extract<DeployEvent, { kind: 'plan' }>): void {
    const lines = [
      ...missingImages.map((service) => `+ build the image of ${service}`),
      ...planLines(changes),
      planSummary(changes),
    ];
    if (lines.join('\n') === this.#plan) return;
    this.#plan = lines.join('\n');
    for (const line of lines) this.print(`    ${line}`);
  }
}

function healthLine({ object, ready, wanted, message }: WorkloadHealth): string {
  // Said once is enough.
  if (/^\d+ of \d+ pods are ready/.test(message)) return `${nameOf(object)}: ${message}`;
  return `${nameOf(object)}: ${ready} of ${wanted} ready${message ? `, ${message}` : ''}`;
}
