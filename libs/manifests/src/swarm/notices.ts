import type { Service } from '@berth/model';
import type { ExtraFile } from '../extras';

/** What of a service has no effect on a Swarm, or another one than on Kubernetes: told with every plan, a sentence each. */
export function noticesOf(service: Service, extras: readonly ExtraFile[]): string[] {
  const { scale, volumes, ports } = service;
  const own = extras
    .filter((extra) => extra.service === service.name)
    .map(({ name }) => `kubernetes/${name}`);
  const isGlobal = ports.some(({ nodePort }) => nodePort !== undefined);
  return [
    ...(scale.max !== undefined
      ? [
          `scale.max has no effect: Swarm has no autoscaler; ${scale.min} ${scale.min === 1 ? 'task runs' : 'tasks run'} (scale.min)`,
        ]
      : []),
    ...(isGlobal && scale.min > 1
      ? ['scale.min has no effect: a service with a nodePort runs one task on each node']
      : []),
    ...volumes.map(({ name, size }) => `the volume ${name} may grow beyond ${size}: Docker sets no limit`),
    ...(own.length > 0 ? [`left out, since it is for Kubernetes: ${own.join(', ')}`] : []),
  ];
}
