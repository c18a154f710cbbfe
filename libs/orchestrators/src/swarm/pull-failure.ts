/**
 * Whether a task was refused because its node could not pull the image. Until Docker 29.7 dockerd says `No such image` then,
 * whatever the reason; from 29.8 on it passes on what the pull ended with (moby, daemon/cluster/executor/container), in the
 * words of containerd or, without its image store, in its own and those of Go's HTTP client.
 */
export function isPullFailure(error: string): boolean {
  return signs.some((sign) => sign.test(error));
}

const signs = [
  /no such image|not found in registry|pull access denied|manifest unknown|no basic auth credentials/i,
  /failed to (resolve reference|copy: httpReadSeeker|do request|fetch anonymous token)|error from registry:/,
  /error pulling image|received unexpected HTTP status|(Head|Get) "?https?:\/\/.*\/v2\//,
  // A code of a registry's answer, in front.
  /^(toomanyrequests|unauthorized|denied|unknown): /,
];
