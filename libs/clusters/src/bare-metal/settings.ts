/** The one network and registry of a cluster on this machine. */
export const REGISTRY = 'localhost:5000';
/** Of the bridge that stands for the node's network card, so that the node keeps its address wherever the machine is. */
export const NODE_ADDRESS = '10.123.0.1';
export const NODE_BRIDGE = 'berth0';
export const POD_BRIDGE = 'berth-pods';
export const POD_SUBNET = '10.244.0.0/16';
/** The part of {@link POD_SUBNET} for this node. */
export const NODE_POD_SUBNET = '10.244.0.0/24';
export const SERVICE_SUBNET = '10.96.0.0/12';
/** kubeadm gives the cluster's DNS the tenth address of {@link SERVICE_SUBNET}. */
export const DNS_ADDRESS = '10.96.0.10';
/** The gateway's ports 80 and 443 are node ports. */
export const NODE_PORT_RANGE = '80-32767';
export const API_SERVER = `https://${NODE_ADDRESS}:6443`;
export const LOCAL_REGISTRY_URL = `http://${REGISTRY}`;

/** A machine in its cluster's network. */
export interface NodeSettings {
  /** At which the other nodes, and the clients of its API server, reach it. */
  address: string;
  /** The network device that has it. */
  device: string;
  /** The part of {@link POD_SUBNET} for its pods; undefined while the cluster has not given it one. */
  podSubnet?: string;
  /** Where its containerd takes what is named {@link REGISTRY}. */
  registryMirror: string;
  /** Whether it has the cluster for itself. */
  alone: boolean;
}

/** This machine, which is a cluster by itself. */
export const LOCAL_NODE: NodeSettings = {
  address: NODE_ADDRESS,
  device: NODE_BRIDGE,
  podSubnet: NODE_POD_SUBNET,
  registryMirror: LOCAL_REGISTRY_URL,
  alone: true,
};
