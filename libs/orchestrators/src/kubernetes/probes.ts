import { eventTime, type LiveObject } from '@berth/kube';

interface EventFields {
  reason?: string;
  message?: string;
  involvedObject?: { uid?: string; fieldPath?: string };
}

/** Characters that are shown: a probe may print a page, and it stands in the first line of an error. */
const longest = 300;
/** Exit codes of a program that was told to end: it ended well, or by SIGKILL or SIGTERM. */
const toldToEnd = [0, 137, 143];

/**
 * What the node last said of a probe of this pod that failed, for example `Readiness probe failed: HTTP probe failed with
 * statuscode: 503`. Undefined when none has.
 */
export function probeFailure(
  pod: LiveObject,
  events: readonly LiveObject[],
  { container, probes = /^/ }: { container?: string; probes?: RegExp } = {},
): string | undefined {
  const last = (events as readonly (LiveObject & EventFields)[])
    .filter(
      ({ reason, message = '', involvedObject }) =>
        reason === 'Unhealthy' &&
        involvedObject?.uid === pod.metadata.uid &&
        (container === undefined || involvedObject?.fieldPath?.endsWith(`{${container}}`)) &&
        probes.test(withoutPrefix(message)),
    )
    .sort((one, other) => eventTime(one) - eventTime(other))
    .at(-1);
  const text =
    last &&
    withoutPrefix(last.message ?? '')
      // The number of a try: the same failure reads the same each time.
      .replace(/ "[0-9a-f]{64}"/g, '')
      .replace(/\s+/g, ' ')
      .replace(/:? $/, '');
  return text && text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A node that has said something often says this before it. */
function withoutPrefix(message: string): string {
  return message.replace(/^\(combined from similar events\): /, '');
}

/** The failure of a probe whose program the container does not have: it cannot even be made. */
export function impossibleProbe(pod: LiveObject, events: readonly LiveObject[]): string | undefined {
  return probeFailure(pod, events, { probes: /probe errored[^]*(no such file|not found|permission denied)/ });
}

/**
 * The failure for which the node has ended a container, when it was one of a startup or liveness probe. The event that
 * says so may be missing: a node tells only so many of one pod, and each failure of a probe is one. A probe that could
 * not be made (`errored`) ends nothing: its container has ended by itself, most likely.
 */
export function killedByProbe(
  pod: LiveObject,
  container: string,
  exitCode: number,
  events: readonly LiveObject[],
): string | undefined {
  const said = (events as readonly (LiveObject & EventFields)[]).some(
    ({ reason, message = '', involvedObject }) =>
      reason === 'Killing' &&
      involvedObject?.uid === pod.metadata.uid &&
      message.startsWith(`Container ${container} failed `),
  );
  return said || toldToEnd.includes(exitCode)
    ? probeFailure(pod, events, { container, probes: /^(Startup|Liveness) probe failed/ })
    : undefined;
}
