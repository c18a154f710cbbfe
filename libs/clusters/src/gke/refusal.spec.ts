import { ProgramError, RecordingRunner } from '@berth/exec';
import { Gcloud } from './gcloud';
import { GcloudRefusal } from './refusal';
import { GcloudInPath } from './tool';

/** What gcloud makes of an error: its output is that of gcloud 528. */
async function refused(stderr: string): Promise<unknown> {
  const runner = new RecordingRunner().when(['gcloud'], { exitCode: 1, stderr });
  const gcloud = new Gcloud(runner, new GcloudInPath(), () => undefined);
  return gcloud
    .run(['container', 'clusters', 'list'], { project: 'desk-123' })
    .catch((error: unknown) => error);
}

const said = (text: string) => `ERROR: (gcloud.container.clusters.create) ResponseError: ${text}`;

describe('what Google Cloud refuses', () => {
  it.each([
    [
      'signed-out',
      'ERROR: (gcloud.container.clusters.list) You do not currently have an active account selected.',
      /gcloud auth login/,
    ],
    [
      'signed-out',
      said('code=401, message=Request had invalid authentication credentials.'),
      /gcloud auth login/,
    ],
    [
      'signed-out',
      "ERROR: (gcloud.auth) There was a problem refreshing your current auth tokens: ('invalid_grant: Bad Request')",
      /GOOGLE_APPLICATION_CREDENTIALS/,
    ],
    [
      'forbidden',
      said('code=403, message=Required "container.clusters.create" permission(s) for "projects/desk-123".'),
      /The permission is container\.clusters\.create\. .*--role=roles\/container\.admin/,
    ],
    [
      'forbidden',
      "ERROR: Some requests did not succeed:\n - Required 'compute.disks.delete' permission for 'projects/desk-123'",
      /compute\.disks\.delete.*--role=roles\/compute\.admin/,
    ],
    [
      'quota',
      said(
        'code=403, message=Insufficient regional quota to satisfy request: resource "CPUS": request requires 12.0.',
      ),
      /quotas\?project=desk-123/,
    ],
    ['quota', said('code=429, message=Quota exceeded for quota metric Requests.'), /quotas/],
    [
      'disabled',
      said(
        'code=403, message=Kubernetes Engine API has not been used in project desk-123 before or it is disabled.',
      ),
      /gcloud services enable container\.googleapis\.com/,
    ],
    [
      'taken',
      said('code=409, message=Already exists: projects/desk-123/zones/z/clusters/prod.'),
      /same command again/,
    ],
    [
      'absent',
      said('code=404, message=Not found: projects/desk-123/zones/z/clusters/prod.'),
      /gcloud projects list/,
    ],
    [
      'unreachable',
      "ERROR: gcloud crashed (ConnectionError): ('Connection aborted.', ConnectionResetError(104))\n\nIf you would like to report this issue, please run the following command:\n  gcloud feedback",
      /makes nothing twice/,
    ],
  ])('is told as %s, in its own words: %s', async (kind, stderr, hint) => {
    const error = (await refused(stderr)) as GcloudRefusal;
    expect(error).toBeInstanceOf(GcloudRefusal);
    expect(error.kind).toBe(kind);
    expect(error.hint).toMatch(hint);
    expect(error.message).toContain(stderr.split('\n')[0]);
    expect(error.message).not.toContain('gcloud feedback');
  });

  it('names quota and permission in the message', async () => {
    const { message } = (await refused(
      said('code=403, message=Insufficient regional quota: "CPUS".'),
    )) as Error;
    expect(message).toContain('"CPUS"');
  });

  it('is shown as it is when it is of no known kind', async () => {
    const error = await refused('something else');
    expect(error).toBeInstanceOf(ProgramError);
    expect(error).not.toBeInstanceOf(GcloudRefusal);
  });
});
