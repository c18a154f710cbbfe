import type { Cluster } from '@berth/model';

/** The part of a cluster by which its ports are opened to the outside. */
export type Exposing = Pick<Cluster, 'exposure' | 'nodePorts'> & Partial<Pick<Cluster, 'hosts'>>;

/** As an API server does it that Berth has set up: at every node, by the very number of service.json. */
export const asNumbered: Exposing = { exposure: 'node-ports', nodePorts: {} };
