import { ENVIRONMENT_LABEL, PROTECTED_ANNOTATION, TTL_ANNOTATION } from '@berth/manifests';
import type { DockerClient } from './docker/client';
import { DockerError, isTaken } from './docker/errors';
import { filters, type DockerConfig } from './docker/objects';
import { environmentName, kindLabel, kinds, labelsOf, managedByLabel } from './names';

/** Labels that the models give it: one that they do not name any more goes. Others are notes of Berth's, and stay. */
const fromModels = [TTL_ANNOTATION, PROTECTED_ANNOTATION];
const attempts = 5;

/** The mark of an environment: a config without content, whose labels can be changed. */
export function readMark(client: DockerClient, environment: string): Promise<DockerConfig | undefined> {
  return client.find(`/configs/${environmentName(environment)}`);
}

/** Makes the mark, or gives it these labels. */
export async function writeMark(
  client: DockerClient,
  environment: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  await changeLabels(client, environment, (before) => ({
    ...Object.fromEntries(Object.entries(before).filter(([label]) => !fromModels.includes(label))),
    ...labelsOf(environment, kinds.environment),
    ...labels,
  }));
}

/** Notes something on the mark, where there is one. */
export async function noteOnMark(
  client: DockerClient,
  environment: string,
  notes: Record<string, string>,
): Promise<void> {
  await changeLabels(client, environment, (before) => ({ ...before, ...notes }));
}

async function changeLabels(
  client: DockerClient,
  environment: string,
  change: (before: Record<string, string>) => Record<string, string>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const mark = await readMark(client, environment);
    const labels = change(mark?.Spec.Labels ?? {});
    try {
      if (!mark) await createConfig(client, environmentName(environment), labels, environment);
      else
        await client.post(`/configs/${mark.ID}/update`, {
          query: { version: mark.Version.Index },
          body: { ...mark.Spec, Labels: labels },
        });
      return;
    } catch (error) {
      if (!(error instanceof DockerError && isLate(error)) || attempt === attempts) throw error;
    }
  }
}

/** Somebody else has made or changed it since it was read. */
export function isLate(error: DockerError): boolean {
  return isTaken(error) || /out of sequence/.test(error.message);
}

/** @throws DockerError by isTaken when there is one of that name */
export async function createConfig(
  client: DockerClient,
  name: string,
  labels: Readonly<Record<string, string>>,
  content: string | Buffer,
): Promise<string> {
  const { ID } = await client.post<{ ID: string }>('/configs/create', {
    body: { Name: name, Labels: labels, Data: Buffer.from(content).toString('base64') },
  });
  return ID;
}

/** The marks of all environments that Berth has made; each has the name that belongs to its environment. */
export async function listMarks(client: DockerClient): Promise<DockerConfig[]> {
  const label = [`${kindLabel}=${kinds.environment}`, `${managedByLabel}=berth`];
  const found = await client.get<DockerConfig[]>('/configs', { query: { filters: filters({ label }) } });
  return found.filter(isMark);
}

/** Whether a config has the name that belongs to the mark of its environment. */
export function isMark(config: DockerConfig): boolean {
  const environment = environmentOfMark(config);
  return environment !== '' && config.Spec.Name === environmentName(environment);
}

export function environmentOfMark({ Spec }: DockerConfig): string {
  return Spec.Labels?.[ENVIRONMENT_LABEL] ?? '';
}
