import type { DeployTarget } from '@berth/deploy';
import { contextsOf, type KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';

/** Says what to do about an image that nodes did not get; undefined when nothing is known. */
export type AdviseOnImage = (image: string) => Promise<string | undefined>;

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

/** Loaded once something has failed: every deploy would wait for it otherwise. */
const clusters = () => import('@berth/clusters');

async function explained(error: UserError, advise: AdviseOnImage): Promise<UserError> {
  if (!/Image/.test(error.message)) return error;
  const { imageInMessage } = await clusters();
  const image = imageInMessage(error.message);
  // Why it failed is to be told, whatever else does.
  const advice = image === undefined ? undefined : await advise(image).catch(() => undefined);
  if (advice === undefined) return error;
  return new UserError(error.message, [advice, ...(error.hint ? [error.hint] : [])].join('\n'), {
    cause: error,
  });
}

/** Asks the cluster who made it, and which registry it announces; only once something has failed. */
export function adviceOf(
  client: Pick<KubeClient, 'get' | 'list'>,
  place: { kubeconfig: string; context: string },
): AdviseOnImage {
  return async (image) => {
    const { announcedRegistry, imageAdvice, recognise } = await clusters();
    const traits = contextsOf(place.kubeconfig).find(({ context }) => context === place.context);
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
