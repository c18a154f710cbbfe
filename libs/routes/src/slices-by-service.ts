import { SERVICE_NAME_LABEL, type ObservedEndpointSlice } from './observed';

/** EndpointSlices, found by the Service that their label names. */
export class SlicesByService {
  readonly #slices = new Map<string, ObservedEndpointSlice>();
  readonly #byService = new Map<string, ObservedEndpointSlice[]>();

  /** Of a Service, by `<namespace>/<name>`; in no order. */
  of(service: string): readonly ObservedEndpointSlice[] {
    return this.#byService.get(service) ?? [];
  }

  /** Takes a slice in place of the one before; undefined takes it away. Returns the Services that it touches. */
  set(name: string, slice: ObservedEndpointSlice | undefined): string[] {
    const touched: string[] = [];
    const before = this.#slices.get(name);
    const old = before && serviceOf(before);
    if (old !== undefined) {
      touched.push(old);
      const others = this.of(old).filter((other) => other !== before);
      if (others.length > 0) this.#byService.set(old, others);
      else this.#byService.delete(old);
    }
    if (slice) this.#slices.set(name, slice);
    else this.#slices.delete(name);
    const now = slice && serviceOf(slice);
    if (now !== undefined) {
      if (now !== old) touched.push(now);
      const others = this.#byService.get(now);
      this.#byService.set(now, others ? [...others, slice!] : [slice!]);
    }
    return touched;
  }
}

function serviceOf({ metadata: { namespace = '', labels } }: ObservedEndpointSlice): string | undefined {
  const name = labels?.[SERVICE_NAME_LABEL];
  return name === undefined ? undefined : `${namespace}/${name}`;
}
