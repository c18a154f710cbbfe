/** The folder of what gcloud runs in, relative to the workspace. */
export const GCLOUD_FOLDER = 'docker/gcloud';
export const GCLOUD_DOCKERFILE = `${GCLOUD_FOLDER}/Dockerfile`;

const VERSION = '578.0.0';
/** Of the index of Google's image `google-cloud-cli:578.0.0-stable`. */
const DIGEST = 'sha256:39f4c48c083fb1d8d182eedc7de97545980afb646b1afdfec61a3f560969bc96';

/** What a workspace gets as its docker/gcloud/Dockerfile. It is the workspace's own from then on. */
export function gcloudDockerfile(): string {
  return `# gcloud, and the plugin by which kubectl signs in to a cluster of GKE.
# Google keeps a version for a year only: bring version and digest to a newer one in time.
FROM gcr.io/google.com/cloudsdktool/google-cloud-cli:${VERSION}-stable@${DIGEST}
RUN apt-get update \\
  && apt-get install -y --no-install-recommends google-cloud-cli-gke-gcloud-auth-plugin=${VERSION}-0 \\
  && rm -rf /var/lib/apt/lists/*
`;
}
