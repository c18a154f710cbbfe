import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { ECS } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { S3 } from '@aws-sdk/client-s3';
import type { SSM } from '@aws-sdk/client-ssm';
import type { STS } from '@aws-sdk/client-sts';
import { UserError, type EcsSettings } from '@berth/model';
import { explained, named } from './aws-error';
import { retriesTold, type Layers } from './layers';

export interface AwsOptions {
  /** Told of each request that is tried again, and of what could not be tidied up. */
  onRetry?: (message: string) => void;
  /** Milliseconds without an answer after which a request is given up; half a minute when absent. */
  idleMs?: number;
}

/** How often a request is tried in all. Between two the SDK waits longer each time, with jitter, at most 20 s. */
const attempts = 6;
const connectMs = 5_000;
const standardIdleMs = 30_000;

interface Client {
  middlewareStack: unknown;
  destroy(): void;
}

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/**
 * The account, by clients of AWS' SDK. Each part of the SDK is loaded when it is first asked for: who deploys elsewhere
 * never loads it. Nothing is asked before it is certain whose account the credentials are of.
 */
export class Aws {
  readonly #clients = new Map<string, Promise<Client>>();
  #identity: Promise<void> | undefined;

  constructor(
    readonly settings: EcsSettings,
    private readonly options: AwsOptions = {},
  ) {}

  cloudFormation(): Promise<CloudFormation> {
    return this.#checked(async (config) => {
      const { CloudFormation } = await import('@aws-sdk/client-cloudformation');
      return new CloudFormation(config);
    }, 'CloudFormation');
  }

  ecs(): Promise<ECS> {
    return this.#checked(async (config) => {
      const { ECS } = await import('@aws-sdk/client-ecs');
      return new ECS(config);
    }, 'ECS');
  }

  ssm(): Promise<SSM> {
    return this.#checked(async (config) => {
      const { SSM } = await import('@aws-sdk/client-ssm');
      return new SSM(config);
    }, 'SSM');
  }

  logs(): Promise<CloudWatchLogs> {
    return this.#checked(async (config) => {
      const { CloudWatchLogs } = await import('@aws-sdk/client-cloudwatch-logs');
      return new CloudWatchLogs(config);
    }, 'Logs');
  }

  ec2(): Promise<EC2> {
    return this.#checked(async (config) => {
      const { EC2 } = await import('@aws-sdk/client-ec2');
      return new EC2(config);
    }, 'EC2');
  }

  elasticLoadBalancing(): Promise<ElasticLoadBalancingV2> {
    return this.#checked(async (config) => {
      const { ElasticLoadBalancingV2 } = await import('@aws-sdk/client-elastic-load-balancing-v2');
      return new ElasticLoadBalancingV2(config);
    }, 'ElasticLoadBalancing');
  }

  s3(): Promise<S3> {
    return this.#checked(async (config) => {
      const { S3 } = await import('@aws-sdk/client-s3');
      // What stands in for AWS has one name, and none for each bucket.
      return new S3({ ...config, forcePathStyle: this.settings.endpoint !== undefined });
    }, 'S3');
  }

  /** Says what is of no consequence for what was asked. */
  tell(message: string): void {
    this.options.onRetry?.(message);
  }

  /** @throws UserError when the credentials are of another account than cluster.json names */
  identity(): Promise<void> {
    return (this.#identity ??= this.#checkIdentity());
  }

  close(): void {
    for (const client of this.#clients.values())
      void client.then(
        (open) => open.destroy(),
        () => undefined,
      );
  }

  async #checkIdentity(): Promise<void> {
    const sts = await this.#client(
      'STS',
      async (config) => {
        const { STS } = await import('@aws-sdk/client-sts');
        return new STS(config);
      },
      await this.#credentials(),
    );
    const { Account, Arn } = await sts.getCallerIdentity({});
    const { account, profile } = this.settings;
    if (Account === account) return;
    throw new UserError(
      `The credentials${profile ? ` of the profile ${profile}` : ' of this process'} are of the account ${Account} (${Arn}); cluster.json names ${account} at ecs.account.`,
      `aws sts get-caller-identity ${named(this.settings)} shows whose they are; name the right profile there, or the right account.`,
    );
  }

  async #checked<Opened extends Client>(
    open: (config: object) => Promise<Opened>,
    name: string,
  ): Promise<Opened> {
    await this.identity();
    return this.#client(name, open, await this.#credentials());
  }

  #client<Opened extends Client>(
    name: string,
    open: (config: object) => Promise<Opened>,
    credentials: object,
  ): Promise<Opened> {
    const opened =
      this.#clients.get(name) ??
      open({ ...this.#config(), ...credentials }).then((client) => {
        this.#layer(client, name);
        return client;
      });
    this.#clients.set(name, opened);
    return opened as Promise<Opened>;
  }

  #config(): object {
    const { region, endpoint } = this.settings;
    return {
      region,
      ...(endpoint ? { endpoint } : {}),
      retryMode: 'standard',
      maxAttempts: attempts,
      requestHandler: {
        connectionTimeout: connectMs,
        requestTimeout: this.options.idleMs ?? standardIdleMs,
      },
    };
  }

  /** Of the profile that is named, or of the process; as the role that they take on. */
  async #credentials(): Promise<object> {
    const { profile, role } = this.settings;
    const own = profile ? { profile } : {};
    if (!role) return own;
    const sts: STS = await this.#client(
      'STS of the role',
      async (config) => {
        const { STS } = await import('@aws-sdk/client-sts');
        return new STS(config);
      },
      own,
    );
    return {
      credentials: async (): Promise<Credentials> => {
        const { Credentials: given } = await sts.assumeRole({ RoleArn: role, RoleSessionName: 'berth' });
        const { AccessKeyId = '', SecretAccessKey = '', SessionToken, Expiration } = given ?? {};
        return {
          accessKeyId: AccessKeyId,
          secretAccessKey: SecretAccessKey,
          ...(SessionToken ? { sessionToken: SessionToken } : {}),
          ...(Expiration ? { expiration: Expiration } : {}),
        };
      },
    };
  }

  /** Errors in words, and each further try told. */
  #layer({ middlewareStack }: Client, service: string): void {
    const { settings, options } = this;
    const layers = middlewareStack as Layers;
    layers.add(
      (next, { commandName = '' }) =>
        async (request) => {
          try {
            return await next(request);
          } catch (error) {
            throw explained(error, { service, operation: commandName.replace(/Command$/, '') }, settings);
          }
        },
      { step: 'initialize', priority: 'high', name: 'explainErrors' },
    );
    layers.add(retriesTold(service, attempts, options.onRetry), {
      step: 'finalizeRequest',
      priority: 'low',
      name: 'tellRetries',
    });
  }
}
