// Not by the library's index: every deploy would read all that makes clusters.
import { imageAdvice, imageInMessage } from '@berth/clusters/src/existing/image-advice';
import { announcedRegistry } from '@berth/clusters/src/existing/local-registry';
import { recognise } from '@berth/clusters/src/existing/recognise';
import type { DeployTarget } from '@berth/deploy';
import { contextsOf, type KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';

/** Says what to do about the image that a message is about; undefined when nothing is known. */
export type AdviseOnImage = (message: string) => Promise<string | undefined>;

/** The same target, whose error of an image that nodes did not get also says how images come to this cluster. */
export function withImageAdvice<Target extends Pick<DeployTarget, 'watch'>>(
  target: Target,
  advise: AdviseOnImage,
): Target {
  const watch: DeployTarget['watch'] = async (...asked) => {
    try {
      await target.watch(...asked);
    } catch (error) {
      throw error instanceof UserError ? await explained(error, advise) : error;
    }
  };
  return Object.create(target, { watch: { value: watch } }) as Target;
}

async function explained(error: UserError, advise: AdviseOnImage): Promise<UserError> {
  // Why it failed is to be told, whatever else does.
  const advice = await advise(error.message).catch(() => undefined);
  if (advice === undefined) return error;
  return new UserError(error.message, [advice, ...(error.hint ? [error.hint] : [])].join('\n'), {
    cause: error,
  });
}

/** Asks the cluster who made it, and which registry it announces; only once something has failed. */
export function adviceOf(
  client: Pick<KubeClient, 'get' | 'list'>,
  { kubeconfig, context }: { kubeconfig: string; context: string },
): AdviseOnImage {
  return async (message) => {
    const image = imageInMessage(message);
    if (image === undefined) return undefined;
    const traits = contextsOf(kubeconfig).find((each) => each.context === context);
    const [nodes, announced] = await Promise.all([
      // Not everybody may see them: the kubeconfig tells something too.
      client.list({ apiVersion: 'v1', kind: 'Node' }).then(
        ({ items }) => items,
        () => [],
      ),
      announcedRegistry(client).catch(() => undefined),
    ]);
    return imageAdvice(image, traits && recognise(traits, nodes), announced);
  };
}
