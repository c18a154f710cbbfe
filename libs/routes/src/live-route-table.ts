import { PUBLIC_LABEL } from '@berth/manifests';
import { addressCheck, apiServerAddresses, type AddressCheck } from './addresses';
import { claimsOf, type Claim, type Claims } from './claims';
import { isSameRoute } from './difference';
import { endpointsOf, type Endpoints } from './endpoints';
import type { ObservedChanges, ObservedService } from './observed';
import { olderFirst, referenceOf, refusedAddresses, takenHost } from './refusals';
import type { Refusal, Route, RouteTable } from './route';
import { SlicesByService } from './slices-by-service';

/** A public Service and the hosts that it asks for. */
interface Claimant extends Claims {
  key: string;
  service: ObservedService;
}

/** Who has a host, and by which of its ports. */
interface Owner {
  claimant: Claimant;
  claim: Claim;
}

/** What a change of the observed state came to. */
export interface TableChange {
  /** Hosts whose route is other than before, new, or gone. */
  hosts: ReadonlySet<string>;
  /** Services, by `<namespace>/<name>`, of which something else is refused than before. */
  refused: ReadonlySet<string>;
}

const API_SERVER = 'default/kubernetes';
const NONE: readonly Refusal[] = [];
const NO_ADDRESSES: Endpoints['refused'] = [];

/**
 * The routes of every public Service (label berth.dev/public=true), and what is refused and why, kept current.
 * Of each change only the hosts are computed anew that it touches, from all that each of them depends on: whatever came
 * before and in whatever order, the table is the same as one that is made anew. When two Services come to one host the
 * older keeps it, at the same second the first by namespace and name.
 */
export class LiveRouteTable implements RouteTable {
  readonly #claimants = new Map<string, Claimant>();
  /** Keys of the Services that ask for a host, by host. */
  readonly #askers = new Map<string, string[]>();
  readonly #owners = new Map<string, Owner>();
  readonly #routes = new Map<string, Route>();
  readonly #refused = new Map<string, readonly Refusal[]>();
  readonly #slices = new SlicesByService();
  /** Addresses that the route of a host must not lead to, by host; only where there are any. */
  readonly #refusedAddresses = new Map<string, Endpoints['refused']>();
  /** All that is refused, until something changes. */
  #allRefused: readonly Refusal[] | undefined;
  #check: AddressCheck = addressCheck([]);

  /** By host name. The same Map, which changes with the table. */
  get routes(): ReadonlyMap<string, Route> {
    return this.#routes;
  }

  /** By the age of the Services. */
  get refused(): readonly Refusal[] {
    this.#allRefused ??= [...this.#refused.keys()]
      .map((key) => this.#claimants.get(key)!)
      .sort((one, other) => olderFirst(one.service, other.service))
      .flatMap(({ key }) => this.refusedOf(key));
    return this.#allRefused;
  }

  /** What is refused of one Service. */
  refusedOf(key: string): readonly Refusal[] {
    return this.#refused.get(key) ?? [];
  }

  /** How many Services are public. */
  get services(): number {
    return this.#claimants.size;
  }

  /** The public Service of now. */
  service(key: string): ObservedService | undefined {
    return this.#claimants.get(key)?.service;
  }

  /** The hosts that a public Service asks for; one twice where two of its ports do. */
  hostsOf(key: string): string[] {
    return this.#claimants.get(key)?.claims.map(({ host }) => host) ?? [];
  }

  /**
   * Takes in what has changed.
   * @param apiServers addresses of API servers besides those that the cluster's own EndpointSlice names
   */
  take(changes: ObservedChanges, apiServers: Iterable<string> = []): TableChange {
    const hosts = new Set<string>();
    const services = new Set<string>();
    this.#allRefused = undefined;
    for (const [name, slice] of changes.endpointSlices) {
      for (const key of this.#slices.set(name, slice)) {
        services.add(key);
        this.#addHosts(key, hosts);
      }
    }
    for (const [key, service] of changes.services) {
      services.add(key);
      this.#addHosts(key, hosts);
      this.#setService(key, service);
      this.#addHosts(key, hosts);
    }
    const known = apiServerAddresses(this.#slices.of(API_SERVER));
    const check = addressCheck([...apiServers, ...known]);
    if (check !== this.#check) {
      this.#check = check;
      for (const host of this.#askers.keys()) hosts.add(host);
      for (const key of this.#claimants.keys()) services.add(key);
    }
    for (const host of hosts)
      if (this.#findOwner(host)) this.#askers.get(host)?.forEach((key) => services.add(key));
    for (const host of hosts) if (!this.#findRoute(host)) hosts.delete(host);
    const refused = new Set<string>();
    for (const key of services) if (this.#findRefused(key)) refused.add(key);
    return { hosts, refused };
  }

  #addHosts(key: string, hosts: Set<string>): void {
    const claimant = this.#claimants.get(key);
    if (claimant) for (const { host } of claimant.claims) hosts.add(host);
  }

  #setService(key: string, service: ObservedService | undefined): void {
    for (const host of this.hostsOf(key)) {
      const others = this.#askers.get(host)?.filter((other) => other !== key) ?? [];
      if (others.length > 0) this.#askers.set(host, others);
      else this.#askers.delete(host);
    }
    this.#claimants.delete(key);
    if (service?.metadata.labels?.[PUBLIC_LABEL] !== 'true') return;
    const { claims, refused } = claimsOf(service);
    this.#claimants.set(key, { key, service, claims, refused });
    for (const { host } of claims) {
      const askers = this.#askers.get(host);
      if (!askers) this.#askers.set(host, [key]);
      // One that asks for a host twice is the last to have asked.
      else if (askers.at(-1) !== key) askers.push(key);
    }
  }

  /** Whether another has the host than before, or it says something else of itself to those who ask for it too. */
  #findOwner(host: string): boolean {
    const before = this.#owners.get(host);
    const askers = this.#askers.get(host);
    if (!askers) return this.#owners.delete(host);
    const claimant = askers
      .map((key) => this.#claimants.get(key)!)
      .reduce((oldest, other) => (olderFirst(other.service, oldest.service) < 0 ? other : oldest));
    const claim = claimant.claims.find((candidate) => candidate.host === host)!;
    this.#owners.set(host, { claimant, claim });
    if (!before) return true;
    const [old, now] = [before.claimant.service.metadata, claimant.service.metadata];
    return (
      before.claimant.key !== claimant.key ||
      before.claim.port !== claim.port ||
      old.uid !== now.uid ||
      old.creationTimestamp !== now.creationTimestamp
    );
  }

  /** Whether the host's route is other than before. */
  #findRoute(host: string): boolean {
    const owner = this.#owners.get(host);
    if (!owner) {
      this.#refusedAddresses.delete(host);
      return this.#routes.delete(host);
    }
    const { namespace: environment = '', name: service } = owner.claimant.service.metadata;
    const { port, protocol, proxy } = owner.claim;
    const { endpoints, refused } = endpointsOf(this.#slices.of(owner.claimant.key), port, this.#check);
    if (refused.length > 0) this.#refusedAddresses.set(host, refused);
    else this.#refusedAddresses.delete(host);
    const route: Route = { environment, service, port, protocol, endpoints };
    if (proxy) route.proxy = proxy;
    const before = this.#routes.get(host);
    if (before && isSameRoute(before, route)) return false;
    this.#routes.set(host, route);
    return true;
  }

  /** Whether something else is refused of the Service than before; else its refusals stay the same values. */
  #findRefused(key: string): boolean {
    const before = this.refusedOf(key);
    const claimant = this.#claimants.get(key);
    const refused = claimant ? this.#refusals(claimant) : NONE;
    const isOther =
      refused.length !== before.length || refused.some((each, index) => !isSame(each, before[index]!));
    if (isOther && refused.length > 0) this.#refused.set(key, refused);
    else if (isOther) this.#refused.delete(key);
    return isOther;
  }

  #refusals({ key, service, claims, refused }: Claimant): readonly Refusal[] {
    const isServed = ({ host, port }: Claim): boolean => {
      const { claimant, claim } = this.#owners.get(host)!;
      return claimant.key === key && claim.port === port;
    };
    const served = claims.filter(isServed);
    const addresses = served.flatMap(({ host }) => this.#refusedAddresses.get(host) ?? NO_ADDRESSES);
    // As it is with nearly all of thousands.
    if (refused.length + addresses.length === 0 && served.length === claims.length) return NONE;
    const reference = referenceOf(service);
    const taken = claims
      .filter((claim) => !isServed(claim))
      .map(({ host }) => {
        const { claimant, claim } = this.#owners.get(host)!;
        return takenHost(reference, host, claimant.service, claim.port);
      });
    return [
      ...refused.map((refusal) => ({ service: reference, ...refusal })),
      ...taken,
      ...refusedAddresses(reference, addresses),
    ];
  }
}

function isSame(one: Refusal, other: Refusal): boolean {
  return (
    one.host === other.host &&
    one.reason === other.reason &&
    one.message === other.message &&
    one.service.uid === other.service.uid
  );
}
